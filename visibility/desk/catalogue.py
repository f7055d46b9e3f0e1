"""All that can be done about cases. A new action is one file in `actions/` and one line here."""

from visibility.desk.actions.accept_answer import AcceptAnswer, CancelRest
from visibility.desk.actions.accept_terms import AcceptTerms
from visibility.desk.actions.ask import AskForAnswer, AskForAsn, ExpediteLine, RequestReceipt
from visibility.desk.actions.base import Action
from visibility.desk.actions.change_date import ChangeDate
from visibility.desk.actions.claim import Claim
from visibility.desk.actions.close_line import ReopenLine, ShortClose
from visibility.desk.actions.deliveries import CancelDelivery, RetryDelivery
from visibility.desk.actions.documents import LinkDocument, UnlinkDocument
from visibility.desk.actions.enter_unit_factor import EnterUnitFactor
from visibility.desk.actions.invoices import AcceptVariance, DisputeInvoice, MatchCredit, RequestCredit
from visibility.desk.actions.map_code import MapCode
from visibility.desk.actions.messages import ReplaceMessage, ReplayMessage
from visibility.desk.actions.push_back import PushBack
from visibility.desk.actions.receipts import AcceptOver, ReturnExcess, ReverseReceipt
from visibility.desk.actions.record_answer import RecordAnswer
from visibility.desk.actions.split_and_resource import SplitAndResource
from visibility.desk.actions.tell_again import AskSystem
from visibility.desk.actions.waive import Waive

_ALL: tuple[Action, ...] = (
    AcceptAnswer(),
    CancelRest(),
    AcceptTerms(),
    SplitAndResource(),
    PushBack(),
    RecordAnswer(),
    ShortClose(),
    ReopenLine(),
    ChangeDate(),
    ExpediteLine(),
    AskForAnswer(),
    AskForAsn(),
    RequestReceipt(),
    AskSystem(),
    AcceptOver(),
    ReturnExcess(),
    ReverseReceipt(),
    Claim(),
    DisputeInvoice(),
    RequestCredit(),
    MatchCredit(),
    AcceptVariance(),
    LinkDocument(),
    UnlinkDocument(),
    MapCode(),
    EnterUnitFactor(),
    ReplayMessage(),
    ReplaceMessage(),
    RetryDelivery(),
    CancelDelivery(),
    Waive(),
)

ACTIONS: dict[str, Action] = {action.name: action for action in _ALL}


def actions_of(kind: str) -> list[Action]:
    """The actions for cases of a kind, whoever asks, in the order they are listed."""
    return [action for action in _ALL if kind in action.kinds]
