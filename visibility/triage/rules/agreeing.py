"""Lines of which all that is told says the same: most lines, and nothing is wrong with them."""

from visibility.flows.state import FlowView, LineView

_ACCEPTED = ["accepted"]


def is_all_one(view: FlowView) -> bool:
    """Whether no two documents say different things of any line, nor leaves one out that the others have.

    Then the rules that compare what is told of a line (`rules.COMPARING`) have nothing to find, whatever
    the tolerances and the time.
    """
    if view.charges or view.billed_twice:
        return False
    return all(_is_usual(line, view) and _is_one_size(line) and _is_in_time(line) for line in view.lines)


def _is_usual(line: LineView, view: FlowView) -> bool:
    """A line of the order, answered as ever, in units that convert, told by those whose word counts."""
    return (
        (line.known or not view.placed)
        and (line.answered or not view.answered)
        and (line.answer_classes == _ACCEPTED or not line.answer_classes)
        and line.substitute is None
        and not (
            line.cancelled
            or line.change_unanswered
            or line.mirrors
            or line.unconvertible
            or line.damaged
            or line.shipped_closed
        )
    )


def _is_one_size(line: LineView) -> bool:
    """All quantities that were told are one, and all prices the one ordered."""
    told = (line.ordered, line.confirmed, line.shipped, line.received, line.invoiced, line.accepted)
    sizes = [size for size in told if size is not None]
    if sizes and sizes.count(sizes[0]) < len(sizes):
        return False
    price, billed = line.unit_price, line.invoiced_amount
    if line.worth is not None and billed is not None and billed > line.worth:
        return False
    if price is None:
        return True
    if line.confirmed_price is not None and line.confirmed_price != price:
        return False
    return line.billed_prices.count(price) == len(line.billed_prices)


def _is_in_time(line: LineView) -> bool:
    """One day is asked for and that day is promised, or there is nothing to compare."""
    asked, promised = line.requests, line.promises
    if not asked or not promised:
        return True
    return len(asked) == 1 == len(promised) and asked[0].date == promised[0].date
