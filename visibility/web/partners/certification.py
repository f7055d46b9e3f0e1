"""A partner's test files: what was read of them, what is missing, what our documents will look like."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visibility.core.errors import InputError
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import ProfileSet, TradingPartner
from visibility.masterdata.profiles import Agreed, agreed_with, partner_of
from visibility.masterdata.profiles_certifying import certify, files_of, keep_file, remove_file, withdraw
from visibility.pipeline.certifying import ReadFile, ReadSet, as_text, read_files, samples_of
from visibility.pipeline.intake import content_type_of
from visibility.web.drawings.status import Status
from visibility.web.pages import Desk, page
from visibility.web.partners import said
from visibility.web.partners.forms import CHANGING
from visibility.web.terms.forms import Context, may_change, posted, whole

MOST_AT_ONCE = 20


@page
def certification_page(request: HttpRequest, desk: Desk, *, partner_id: int) -> HttpResponse:
    """Set by set what the test files said. Posted to, it keeps files, takes one away, or certifies."""
    scope = whole(desk)
    partner = partner_of(companies=scope.companies, partner_id=partner_id)
    agreed = agreed_with(companies=scope.companies, partner_id=partner_id)
    if agreed is None:
        return redirect("partner", partner_id=partner_id)
    context: Context = {}
    if request.method == "POST":
        done, context = posted(
            request,
            do=partial(_carry_out, request, agreed),
            back=reverse("partner-certification", kwargs={"partner_id": partner_id}),
            roles=CHANGING,
        )
        if done is not None:
            return done
    status = 400 if "wrong" in context else 200
    shown = {**context, **_page(partner, agreed), "may_change": may_change(request, CHANGING)}
    return render(request, "partners/certification.html", shown, status=status)


def _carry_out(request: HttpRequest, agreed: Agreed, speaker: Speaker) -> str:
    do, kind = request.POST.get("do", ""), request.POST.get("kind", "")
    if do == "certify":
        certify(profile=agreed.profile, kind=kind, speaker=speaker)
        return _("%(kind)s is certified.") % {"kind": kind}
    if do == "withdraw":
        withdraw(profile=agreed.profile, kind=kind, speaker=speaker)
        return _("%(kind)s is no longer certified.") % {"kind": kind}
    if do == "remove":
        text = request.POST.get("id", "")
        file_id = int(text) if text.isdecimal() and len(text) <= 18 else 0
        remove_file(profile=agreed.profile, file_id=file_id, speaker=speaker)
        return _("The file is taken away.")
    return _keep(request, agreed, speaker)


def _keep(request: HttpRequest, agreed: Agreed, speaker: Speaker) -> str:
    files = request.FILES.getlist("files")
    if not files:
        raise InputError("no_file", _("Choose the partner's test files."), "/files")
    if len(files) > MOST_AT_ONCE:
        raise InputError(
            "files_many", _("At most %(most)s files at once.") % {"most": MOST_AT_ONCE}, "/files"
        )
    for file in files:
        body, name = file.read(), file.name or "file"
        content_type = content_type_of(body=body, name=name)
        if content_type not in settings.TRANSLATORS:
            raise InputError(
                "not_read", _("%(name)s is of no kind that is read here.") % {"name": name}, "/files"
            )
        keep_file(profile=agreed.profile, name=name, content_type=content_type, body=body, speaker=speaker)
    said_of = ngettext("%(count)d file is read below.", "%(count)d files are read below.", len(files))
    return said_of % {"count": len(files)}


def _page(partner: TradingPartner, agreed: Agreed) -> Context:
    read = read_files(agreed=agreed, files=files_of(profile=agreed.profile))
    kinds = _kinds(agreed, read)
    return {
        "partner": partner,
        "profile": agreed.profile,
        "status": said.profile_status(agreed.profile, agreed.sets),
        "kinds": kinds,
        "missing": [each["kind"] for each in kinds if each["missing"]],
        "files": [_file(each) for each in read],
        "samples": [(each, said.kind_name(each.kind)) for each in samples_of(agreed=agreed)],
    }


def _kinds(agreed: Agreed, read: list[ReadFile]) -> list[dict[str, Any]]:
    """Every kind that is agreed or came: how it stands, what was read of it, whether it is certified."""
    came: dict[str, list[ReadSet]] = {}
    for each in (own for file in read for own in file.sets if own.kind):
        came.setdefault(each.kind, []).append(each)
    incoming = [each for each in agreed.sets if each.direction == ProfileSet.Direction.IN]
    rows = []
    for kind in sorted({*came, *(each.kind for each in incoming)}):
        own = [each for each in incoming if each.kind == kind]
        # What counts last, and is not "never", is what would be certified.
        agreed_set = max(own, key=lambda each: str(each.starts_on or "")) if own else None
        sets = came.get(kind, [])
        wrong = sum(not each.usable for each in sets)
        standing = agreed_set.standing if agreed_set else ""
        certified = next((each for each in own if each.certified_at), None)
        missing = standing == ProfileSet.Standing.EXPECTED and not sets
        rows.append(
            {
                "kind": kind,
                "name": said.kind_name(kind),
                "standing": said.standing_status(standing),
                "read": len(sets),
                "wrong": wrong,
                "missing": missing,
                "result": _result(len(sets), wrong, missing=missing),
                "certified": certified,
                "ready": bool(sets) and not wrong and standing != ProfileSet.Standing.NEVER,
            }
        )
    return rows


def _result(read: int, wrong: int, *, missing: bool) -> Status:
    if missing:
        return Status("warn", "triangle", _("Missing"))
    if not read:
        return Status("na", "empty", _("None came"))
    if wrong:
        return Status(
            "bad", "diamond", _("%(wrong)s of %(read)s cannot be used") % {"wrong": wrong, "read": read}
        )
    return Status("ok", "done", _("%(read)s read") % {"read": read})


def _file(file: ReadFile) -> dict[str, Any]:
    return {
        "file": file,
        "sets": [
            {
                "set": each,
                "name": said.kind_name(each.kind),
                "status": _set_status(each),
                "more": max(each.documents - len(each.sentences), 0),
            }
            for each in file.sets
        ],
        "replies": [(reply.name, as_text(reply.body)) for reply in file.replies],
    }


def _set_status(read: ReadSet) -> Status:
    if not read.usable:
        return Status("bad", "diamond", _("Cannot be used"))
    if read.problems:
        return Status("warn", "triangle", _("Read, with warnings"))
    return Status("ok", "done", _("Read"))
