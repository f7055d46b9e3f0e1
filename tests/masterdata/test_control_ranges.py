"""No control number is given out twice while it is in use, however many ask at once."""

import threading

import factories as make
import pytest
from django.db import connection, transaction
from profiled import KIM, profile_of

from visibility.core.errors import InputError
from visibility.masterdata.models import ControlRange, PartnerProfile
from visibility.masterdata.profiles_control import take_control
from visibility.masterdata.profiles_parts import set_range


def narrow(profile: PartnerProfile, first: int, last: int) -> None:
    set_range(profile=profile, kind="group", first=first, last=last, speaker=KIM)


def take(profile: PartnerProfile, *in_use: int) -> int:
    return take_control(profile_id=profile.pk, kind="group", in_use=lambda number: number in in_use)


@pytest.mark.django_db
def test_numbers_follow_each_other_and_begin_anew_after_the_last():
    profile = profile_of(make.company())
    narrow(profile, 7, 9)
    assert [take(profile) for _ in range(5)] == [7, 8, 9, 7, 8]
    assert ControlRange.objects.get(kind="group").following == 9


@pytest.mark.django_db
def test_from_the_second_lap_on_numbers_in_use_are_left_out():
    profile = profile_of(make.company())
    narrow(profile, 1, 4)
    assert [take(profile, 2, 3) for _ in range(4)] == [1, 2, 3, 4]
    assert [take(profile, 2, 3) for _ in range(3)] == [1, 4, 1]
    with pytest.raises(InputError) as caught:
        take(profile, 1, 2, 3, 4)
    assert caught.value.code == "range_exhausted"


@pytest.mark.django_db
def test_a_range_that_was_moved_gives_no_number_that_is_still_in_use():
    profile = profile_of(make.company())
    assert [take(profile) for _ in range(3)] == [1, 2, 3]
    narrow(profile, 3, 9)
    assert take(profile, 3, 4) == 5
    narrow(profile, 1, 9)
    assert take(profile) == 6
    narrow(profile, 1, 2)
    assert take(profile, 1) == 2


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_numbers_of_their_own_and_one_that_was_taken_back_leaves_no_gap():
    profile = profile_of(make.company())
    got: list[int] = []

    def work() -> None:
        try:
            for _ in range(25):
                with transaction.atomic():
                    got.append(take(profile))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == list(range(1, 151))
    with transaction.atomic():
        assert take(profile) == 151
        transaction.set_rollback(True)
    assert take(profile) == 151
