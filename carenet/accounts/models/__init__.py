"""Sessions, tries and codes of those who sign in: in the tables of `agencies`, as they always were."""

from carenet.accounts.models.session import BrowserSession
from carenet.accounts.models.sign_in import HANDED_OUT, CodePurpose, SignInCode, SignInTry

__all__ = ["HANDED_OUT", "BrowserSession", "CodePurpose", "SignInCode", "SignInTry"]
