from conftest_services import live_round_at

__all__ = ["live_round_at"]
