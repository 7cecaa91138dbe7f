from django.apps import AppConfig


class PurchasesConfig(AppConfig):
    name = "purchases"

    def ready(self) -> None:
        from access import errands, personal_data
        from purchases import mails, personal, receiving

        errands.register(errands.Purpose.BUY, mails.CONFIRM)
        errands.register(errands.Purpose.MOVE, mails.MOVE)
        errands.register(errands.Purpose.GIFT, receiving.ERRAND)
        personal_data.ALSO_KEPT["orders"] = personal.export
        personal_data.ALSO_KEPT["gifts"] = personal.gifts
        personal_data.STILL_OWED.append(personal.still_owed)
        personal_data.ALSO_ERASED.append(personal.erase)
