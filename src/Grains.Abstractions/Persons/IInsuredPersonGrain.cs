using Orleans;
using Orleans.Concurrency;
using Settlement.Contract;
using Settlement.Identity;
using Settlement.Refusals;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Persons;

/// <summary>
/// One insured person, by person id: holds the account (registered facts and counters) and serialises everything that moves it.
/// An answer leaves only when its own entry and all earlier ones of the person are durable.
/// </summary>
[Alias("settlement.person")]
public interface IInsuredPersonGrain : IGrainWithStringKey
{
    /// <summary>What <see cref="Settle"/> would answer now; moves nothing.</summary>
    [Alias("quote")]
    Task<Reply<QuoteResponse>> Quote(Immutable<QuoteRequest> request, SettlerTerms terms);

    /// <summary>Settles one claim durably, at most once for its request id and for its charge.</summary>
    [Alias("settle")]
    Task<Reply<SettleAnswer>> Settle(Immutable<SettleRequest> request, SettlerTerms terms);

    /// <summary>Reverses the newest unreversed settlement of its benefit year.</summary>
    /// <param name="request">The request; <c>facility</c> names who acts, empty for the agency.</param>
    [Alias("reverse")]
    Task<Reply<ReverseResponse>> Reverse(Immutable<ReverseRequest> request);

    /// <summary>Ends a request of unknown outcome: never settled, or reversed.</summary>
    /// <param name="request">The request; <c>facility</c> names who sent what is voided, empty for the agency.</param>
    [Alias("void")]
    Task<Reply<VoidResponse>> Void(Immutable<VoidRequest> request);

    /// <summary>Pays assistance by hand for a settlement that could not be one-stop.</summary>
    [Alias("assist-later")]
    Task<Reply<AssistLaterResponse>> AssistLater(Immutable<AssistLaterRequest> request);

    /// <summary>Decides the grant for a person impoverished by illness.</summary>
    [Alias("grant")]
    Task<Reply<GrantForIllnessResponse>> GrantForIllness(Immutable<GrantForIllnessRequest> request);

    /// <summary>
    /// Corrects an older settlement: it and the later ones of its benefit year are reversed and settled again, all or nothing.
    /// </summary>
    [Alias("correct")]
    Task<Reply<CorrectResponse>> Correct(Immutable<CorrectRequest> request);

    /// <summary>Registers the person.</summary>
    [Alias("register")]
    Task<Reply<RecordResponse>> Register(Immutable<RegisterRequest> request);

    /// <summary>Adds facts to the registered person.</summary>
    [Alias("record")]
    Task<Reply<RecordResponse>> Record(Immutable<RecordRequest> request);

    /// <summary>The cover given by a year's premium.</summary>
    [Alias("coverage")]
    Task<Reply<GetCoverageResponse>> GetCoverage(Immutable<GetCoverageRequest> request);

    /// <summary>Whether the deposit on admission is waived.</summary>
    [Alias("deposit")]
    Task<Reply<CheckDepositResponse>> CheckDeposit(Immutable<CheckDepositRequest> request, SettlerTerms terms);

    /// <summary>The durable counters.</summary>
    [Alias("account")]
    Task<Reply<GetAccountResponse>> GetAccount();

    /// <summary>The limits that hold for the person on a day, by the durable counters.</summary>
    [Alias("limits")]
    Task<Reply<GetLimitsResponse>> GetLimits(Immutable<GetLimitsRequest> request);

    /// <summary>One settlement of this person with its claim.</summary>
    [Alias("get")]
    Task<Reply<SettlementView>> GetSettlement(string settlementId, string language);

    /// <summary>Settlements, newest first.</summary>
    [Alias("list")]
    Task<Reply<ListSettlementsResponse>> ListSettlements(Immutable<ListSettlementsRequest> request);

    /// <summary>Whether a request is being written by this activation.</summary>
    [Alias("in-progress")]
    Task<bool> IsInProgress(string facility, string requestId);
}

/// <summary>Finds entries of the ledger where the person is not known; any key will do, callers spread over a few.</summary>
[Alias("settlement.ledger-reader")]
public interface ILedgerReaderGrain : IGrainWithStringKey
{
    /// <summary>The person of a settlement, or of assistance claimed later.</summary>
    [Alias("person-of")]
    Task<Reply<LocatedPerson>> FindPerson(string settlementId);

    /// <summary>What became of a request of a facility.</summary>
    [Alias("by-request")]
    Task<Reply<GetByRequestResponse>> GetByRequest(string facility, string requestId);
}

/// <summary>What the packs say, without a person; any key will do.</summary>
[Alias("settlement.policies")]
public interface IPolicyGrain : IGrainWithStringKey
{
    /// <summary>A year's premium and who pays it.</summary>
    [Alias("contribution")]
    Task<Reply<GetContributionResponse>> GetContribution(Immutable<GetContributionRequest> request);

    /// <summary>What an employee's month costs.</summary>
    [Alias("employee-contribution")]
    Task<Reply<GetEmployeeContributionResponse>> GetEmployeeContribution(Immutable<GetEmployeeContributionRequest> request);

    /// <summary>From which day a certification holds.</summary>
    [Alias("certification-start")]
    Task<Reply<GetCertificationStartResponse>> GetCertificationStart(Immutable<GetCertificationStartRequest> request);

    /// <summary>The packs in use.</summary>
    [Alias("packs")]
    Task<Reply<ListPacksResponse>> ListPacks();

    /// <summary>By when a matter must be settled.</summary>
    [Alias("due-date")]
    Task<Reply<DueDate>> GetDueDate(Immutable<GetDueDateRequest> request);

    /// <summary>By when the costs of a claim received by hand must be reimbursed.</summary>
    [Alias("reimbursement-due")]
    Task<Reply<DueDate>> GetReimbursementDue(Immutable<Claim> claim);

    /// <summary>The checklist of an application for a contract.</summary>
    [Alias("contract")]
    Task<Reply<CheckContractResponse>> CheckContract(Immutable<CheckContractRequest> request);

    /// <summary>A parameter on a day, with history and citations.</summary>
    [Alias("parameter")]
    Task<Reply<GetParameterResponse>> GetParameter(Immutable<GetParameterRequest> request);

    /// <summary>Every parameter a pack gives for a scheme.</summary>
    [Alias("parameters")]
    Task<Reply<ListParametersResponse>> ListParameters(Immutable<ListParametersRequest> request);

    /// <summary>The packs against register and floors.</summary>
    [Alias("lint")]
    Task<Reply<LintResponse>> Lint(Immutable<LintRequest> request);
}

/// <summary>The person whom a settlement belongs to.</summary>
[GenerateSerializer, Immutable, Alias("settlement.located-person")]
public sealed record LocatedPerson([property: Id(0)] string Person);
