from django.apps import AppConfig


class PurchasesConfig(AppConfig):
    name = "purchases"

    def ready(self) -> None:
        from access import privacy
        from access.verification import purposes
        from purchases import mails, personal, receiving

        purposes.register(purposes.Purpose.BUY, mails.CONFIRM)
        purposes.register(purposes.Purpose.MOVE, mails.MOVE)
        purposes.register(purposes.Purpose.GIFT, receiving.ERRAND)
        privacy.ALSO_KEPT["orders"] = personal.export
        privacy.ALSO_KEPT["gifts"] = personal.gifts
        privacy.STILL_OWED.append(personal.still_owed)
        privacy.ALSO_ERASED.append(personal.erase)
