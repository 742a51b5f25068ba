namespace Settlement.Refusals;

/// <summary>
/// Codes of the cluster itself. The codes of the benefit rules (NOT_COVERED, UNPUBLISHED_PARAMETER, ...) come from the rules and
/// pass through unchanged; docs/refusals.md lists both.
/// </summary>
public static class RefusalCodes
{
    /// <summary>A field is missing or malformed.</summary>
    public const string InvalidField = "INVALID_FIELD";

    /// <summary>No key, or one that is not in force.</summary>
    public const string Unauthenticated = "UNAUTHENTICATED";

    /// <summary>The caller may not do this, or not for this facility or person.</summary>
    public const string NotAllowed = "NOT_ALLOWED";

    /// <summary>Facility facts in the claim differ from what the agency registered.</summary>
    public const string FacilityFactsDiffer = "FACILITY_FACTS_DIFFER";

    /// <summary>The facility is registered with other facts.</summary>
    public const string FacilityRegistered = "FACILITY_REGISTERED";

    /// <summary>The facility's record was changed since the version a change rests on.</summary>
    public const string FacilityVersionConflict = "FACILITY_VERSION_CONFLICT";

    /// <summary>The registry of facilities cannot be read or written now.</summary>
    public const string FacilityRegistryUnavailable = "FACILITY_REGISTRY_UNAVAILABLE";

    /// <summary>The facility's contract does not hold on the day of discharge or service.</summary>
    public const string ContractNotInForce = "CONTRACT_NOT_IN_FORCE";

    /// <summary>
    /// A day that cannot lie ahead is later than today in China: a discharge that a facility settles, the receipt of papers.
    /// </summary>
    public const string DateAhead = "DATE_AHEAD";

    /// <summary>The same request id and facility as an accepted request, but other content.</summary>
    public const string RequestConflict = "REQUEST_CONFLICT";

    /// <summary>The request id was voided: whatever arrives under it is refused for ever.</summary>
    public const string RequestVoided = "REQUEST_VOIDED";

    /// <summary>
    /// The request to be voided made an entry that is not taken back so: a reversal, recorded facts, a grant, a correction.
    /// </summary>
    public const string NotVoidable = "NOT_VOIDABLE";

    /// <summary>The charge was settled before for another person.</summary>
    public const string ChargeConflict = "CHARGE_CONFLICT";

    /// <summary>The charge was settled before; not a refusal: the first result is given with this code.</summary>
    public const string ChargeAlreadySettled = "CHARGE_ALREADY_SETTLED";

    /// <summary>The person is not registered.</summary>
    public const string PersonNotRegistered = "PERSON_NOT_REGISTERED";

    /// <summary>The person is registered already.</summary>
    public const string AlreadyRegistered = "ALREADY_REGISTERED";

    /// <summary>No such settlement.</summary>
    public const string NotFound = "NOT_FOUND";

    /// <summary>The settlement is reversed already.</summary>
    public const string AlreadyReversed = "ALREADY_REVERSED";

    /// <summary>A later settlement of the benefit year must be reversed first.</summary>
    public const string NotLatest = "NOT_LATEST";

    /// <summary>Fee lines and totals, or the totals themselves, do not add up.</summary>
    public const string TotalsDoNotAddUp = "TOTALS_DO_NOT_ADD_UP";

    /// <summary>A correction cannot be done: one of its settlements is refused. Nothing was written.</summary>
    public const string CorrectionRefused = "CORRECTION_REFUSED";

    /// <summary>A correction would reverse and settle again more than the ledger writes at once.</summary>
    public const string CorrectionTooLarge = "CORRECTION_TOO_LARGE";

    /// <summary>The corrected claim falls in another benefit year than the settlement that was wrong.</summary>
    public const string CorrectionOtherYear = "CORRECTION_OTHER_YEAR";

    /// <summary>A list to be reconciled is longer than the gateway compares at once.</summary>
    public const string ReconciliationTooLarge = "RECONCILIATION_TOO_LARGE";

    /// <summary>What is asked for, or needed, is in a period of the ledger that is detached.</summary>
    public const string PeriodDetached = "PERIOD_DETACHED";

    /// <summary>A report of a visit contradicts what is known of it: cancelled, line charged already, other person.</summary>
    public const string VisitConflict = "VISIT_CONFLICT";

    /// <summary>A transaction of the national interface that is not served here.</summary>
    public const string UnsupportedTransaction = "UNSUPPORTED_TRANSACTION";

    /// <summary>A code of the national interface's tables that is known, but not settled here.</summary>
    public const string UnsupportedCode = "UNSUPPORTED_CODE";

    /// <summary>A fee line leaves its class, or its self-pay share, to the catalogue, and none was imported.</summary>
    public const string CatalogueEmpty = "CATALOGUE_EMPTY";

    /// <summary>A fee line leaves its class, or its self-pay share, to the catalogue, which has no entry for its code.</summary>
    public const string CatalogueCodeUnknown = "CATALOGUE_CODE_UNKNOWN";

    /// <summary>The catalogue has the code of a fee line, but no entry in force on its day.</summary>
    public const string CatalogueNotInForce = "CATALOGUE_NOT_IN_FORCE";

    /// <summary>The catalogue has no self-pay share of a class-B item for the region and day.</summary>
    public const string CatalogueShareMissing = "CATALOGUE_SHARE_MISSING";

    /// <summary>A fee line states another class, share or limit than the catalogue.</summary>
    public const string CatalogueContradicted = "CATALOGUE_CONTRADICTED";

    /// <summary>A row of the catalogue overlaps a version of the same code that was recorded before.</summary>
    public const string CatalogueOverlap = "CATALOGUE_OVERLAP";

    /// <summary>A correction of the catalogue names no version that was recorded.</summary>
    public const string CatalogueNothingToCorrect = "CATALOGUE_NOTHING_TO_CORRECT";

    /// <summary>The catalogue cannot be read or written now.</summary>
    public const string CatalogueUnavailable = "CATALOGUE_UNAVAILABLE";

    /// <summary>Too much in flight: nothing was written, repeat with the same request id.</summary>
    public const string Busy = "BUSY";

    /// <summary>The facility sends more requests a second than it may: nothing was written, repeat with the same request id.</summary>
    public const string RateExceeded = "RATE_EXCEEDED";

    /// <summary>A message or body is longer than the server takes.</summary>
    public const string RequestTooLarge = "REQUEST_TOO_LARGE";

    /// <summary>The bytes are no request: not the frame, encoding, JSON or message that the operation takes.</summary>
    public const string MalformedRequest = "MALFORMED_REQUEST";

    /// <summary>There is no such operation, or not in this encoding.</summary>
    public const string UnknownOperation = "UNKNOWN_OPERATION";

    /// <summary>A defect of the server; whether something was written is told by GetByRequest.</summary>
    public const string Defect = "INTERNAL_DEFECT";

    /// <summary>The call was given up by the caller, or its time was over.</summary>
    public const string CallEnded = "CALL_ENDED";

    /// <summary>The ledger did not answer in time: the outcome is unknown, ask or repeat with the same request id.</summary>
    public const string OutcomeUnknown = "OUTCOME_UNKNOWN";

    /// <summary>The server ends a stream because it is stopping; what was not answered was not accepted.</summary>
    public const string ServerStopping = "SERVER_STOPPING";

    /// <summary>The ledger cannot be read or written now; nothing was written.</summary>
    public const string LedgerUnavailable = "LEDGER_UNAVAILABLE";
}
