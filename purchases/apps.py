"""The purchases app: its emails, exports and erasures are registered with the rooms below."""

from django.apps import AppConfig


class PurchasesConfig(AppConfig):
    name = "purchases"

    def ready(self) -> None:
        from access import privacy
        from access.verification import purposes
        from purchases import buyer_data
        from purchases.gifts import receiving
        from purchases.mail import messages

        purposes.register(purposes.Purpose.BUY, messages.CONFIRM)
        purposes.register(purposes.Purpose.MOVE, messages.MOVE)
        purposes.register(purposes.Purpose.GIFT, receiving.HANDLING)
        privacy.ALSO_KEPT["orders"] = buyer_data.export
        privacy.ALSO_KEPT["gifts"] = buyer_data.gifts
        privacy.STILL_OWED.append(buyer_data.still_owed)
        privacy.ALSO_ERASED.append(buyer_data.erase)
