using System.Globalization;
using Microsoft.AspNetCore.Http;
using Settlement.Contract;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Refusals;
using Settlement.Refusals;
using Settlement.WebConsole.Serving;

namespace Settlement.WebConsole.Pages;

/// <summary>The account of a person: what is used and left of every limit, the counters, and the settlements the caller may see.</summary>
internal sealed class AccountPages(SettlementOperations settlements, PolicyOperations policies, PersonLinks links, TimeProvider time)
    : IPages
{
    private const int PageSize = 20;

    /// <inheritdoc/>
    public void Map(Routes routes) => routes.Get("/account/{link}", Show);

    private async Task<IResult> Show(ConsoleRequest request)
    {
        if (links.Open(request.Route("link"), request.Caller) is not { } person) return Answers.Go("/console");
        GetAccountResponse account = await settlements.GetAccount(new GetAccountRequest { Person = person }, request.Caller);
        ListSettlementsResponse list = await settlements.ListSettlements(
            new ListSettlementsRequest { Person = person, PageSize = PageSize, PageToken = request.Field("after") }, request.Caller);
        ListPacksResponse packs = await policies.ListPacks(new ListPacksRequest(), request.Caller);
        Claim? newest = list.Settlements.FirstOrDefault()?.Claim;
        string region = request.Field("region") is { Length: > 0 } asked ? asked : newest?.Region ?? packs.Packs[0].Region;
        Scheme.Types.Kind scheme = Enum.TryParse(request.Field("scheme"), out Scheme.Types.Kind given)
            ? given
            : newest?.Scheme ?? Scheme.Types.Kind.Resident;
        string on = request.Field("on") is { Length: > 0 } day ? day : DayOf(account);
        (GetLimitsResponse? limits, RefusalModel? refused) = await LimitsAsync(request, new GetLimitsRequest
        {
            Person = person,
            Region = region,
            Scheme = scheme,
            On = on,
        });
        return Answers.Page<AccountView>(request, new AccountModel
        {
            Link = request.Route("link"),
            Account = account,
            Packs = packs.Packs,
            Region = region,
            Scheme = scheme,
            On = on,
            Limits = limits,
            LimitsRefused = refused,
            Settlements = list,
            IsFirstPage = request.Field("after").Length == 0,
        });
    }

    /// <summary>Today, or, where nothing has moved this year, the last day of the newest year in which something has.</summary>
    private string DayOf(GetAccountResponse account)
    {
        DateOnly today = DateOnly.FromDateTime(time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);
        int newest = account.Counters.Select(counter => counter.Year).DefaultIfEmpty(0).Max();
        DateOnly shown = newest == 0 || newest >= today.Year ? today : new DateOnly(newest, 12, 31);
        return shown.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>A region without rules for the day is told beside the counters, which stand all the same.</summary>
    private async Task<(GetLimitsResponse? Limits, RefusalModel? Refused)> LimitsAsync(ConsoleRequest request, GetLimitsRequest asked)
    {
        try
        {
            return (await settlements.GetLimits(asked, request.Caller), null);
        }
        catch (RefusalException error) when (error.Refusal.Code is not (RefusalCodes.LedgerUnavailable or RefusalCodes.PersonNotRegistered))
        {
            return (null, new RefusalModel(error.Refusal.Code, request.Text[error.Refusal.MessageZh, error.Refusal.Message]));
        }
    }
}

/// <summary>What the account page shows.</summary>
public sealed record AccountModel
{
    /// <summary>The person's sealed id, for links.</summary>
    public required string Link { get; init; }

    /// <summary>Counters and alerts.</summary>
    public required GetAccountResponse Account { get; init; }

    /// <summary>Packs to choose from.</summary>
    public required IReadOnlyList<PolicyPack> Packs { get; init; }

    /// <summary>Region whose limits are shown.</summary>
    public required string Region { get; init; }

    /// <summary>Scheme whose limits are shown.</summary>
    public required Scheme.Types.Kind Scheme { get; init; }

    /// <summary>Day the limits stand at.</summary>
    public required string On { get; init; }

    /// <summary>The limits, or null when they are refused.</summary>
    public required GetLimitsResponse? Limits { get; init; }

    /// <summary>Why there are no limits.</summary>
    public required RefusalModel? LimitsRefused { get; init; }

    /// <summary>A page of settlements.</summary>
    public required ListSettlementsResponse Settlements { get; init; }

    /// <summary>Whether it is the first page.</summary>
    public required bool IsFirstPage { get; init; }
}
