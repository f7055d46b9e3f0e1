"""Lists that people keep: the query of a page's address under a name, private or for everybody there."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from visibility.access.scopes import Scope
from visibility.accounts.models import User
from visibility.core.errors import ForbiddenError, InputError, NotFoundError
from visibility.triage.models import SavedView

MOST = 20
"""Views of one page that somebody may keep, and that are shown."""
LONGEST_NAME, LONGEST_QUERY = 60, 2_000


@dataclass(frozen=True)
class View:
    """A list under a name. `query` is that of its address; `mine`: this person saved it."""

    id: int
    name: str
    query: str
    shared: bool
    mine: bool


def list_views(*, scope: Scope, user: User, page: str) -> list[View]:
    """Somebody's own views of a page, then those that others share with the company."""
    found = SavedView.objects.filter(
        Q(owner=user) | Q(shared=True), company_id__in=scope.companies, page=page
    ).order_by("position", "pk")
    if scope.partners is not None:
        found = found.filter(owner=user)
    rows = [View(each.pk, each.name, each.query, each.shared, each.owner_id == user.pk) for each in found]
    return sorted(rows, key=lambda view: not view.mine)[:MOST]


def save_view(*, scope: Scope, user: User, page: str, name: str, query: str, shared: bool = False) -> View:
    """Keep a list; one of the same name is saved anew. InputError without a name, or with too many kept."""
    name = _named(name)
    if not scope.companies:
        raise NotFoundError("No company.")
    if len(query) > LONGEST_QUERY:
        raise InputError("view_long", _("There are too many filters to be kept."), "query")
    if shared and scope.partners is not None:
        raise ForbiddenError(_("Views are shared inside the company only."))
    own = SavedView.objects.filter(owner=user, page=page)
    if not own.filter(name=name).exists() and own.count() >= MOST:
        raise InputError(
            "views_many", _("%(most)s views are kept at most; drop one.") % {"most": MOST}, "name"
        )
    kept, _made = SavedView.objects.update_or_create(
        owner=user,
        page=page,
        name=name,
        defaults={"company_id": scope.companies[0], "query": query, "shared": shared},
    )
    return View(kept.pk, kept.name, kept.query, kept.shared, True)


def rename_view(*, scope: Scope, user: User, view_id: int, name: str) -> None:
    """Call one of one's own views something else. InputError where another has that name."""
    view, name = _own(scope, user, view_id), _named(name)
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=view.pk).update(name=name)
    except IntegrityError as error:
        raise InputError("view_twice", _("Another of your views has that name."), "name") from error


def delete_view(*, scope: Scope, user: User, view_id: int) -> None:
    """Drop one of one's own views."""
    _own(scope, user, view_id).delete()


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise InputError(
            "view_name", _("A view needs a name of up to %(n)s letters.") % {"n": LONGEST_NAME}, "name"
        )
    return name


def _own(scope: Scope, user: User, view_id: int) -> SavedView:
    """NotFoundError for a view of somebody else: also for one that is shared."""
    found = SavedView.objects.filter(pk=view_id, owner=user, company_id__in=scope.companies).first()
    if found is None:
        raise NotFoundError("No such view of yours.")
    return found
