from hatchmark.domain.workflow import STAGES, TRANSITIONS, Stage, reached, transition_from


def test_every_stage_but_the_first_is_reached_by_one_act():
    assert [transition.target for transition in TRANSITIONS] == list(STAGES[1:])


def test_every_stage_but_the_last_is_left_by_one_act():
    assert [transition_from(stage).source for stage in STAGES[:-1]] == list(STAGES[:-1])


def test_no_two_transitions_share_an_act():
    assert len({transition.act for transition in TRANSITIONS}) == len(TRANSITIONS)


def test_the_last_stage_cannot_be_left():
    try:
        transition_from(Stage.FOLLOW_UP)
    except ValueError as error:
        assert str(error) == "no act leaves the stage follow_up: it is the last one"
    else:
        raise AssertionError("the last stage was left")


def test_reached_compares_by_order():
    assert [reached(stage, Stage.SPOT_CHECK) for stage in STAGES] == [True] * 5 + [False] * 5
