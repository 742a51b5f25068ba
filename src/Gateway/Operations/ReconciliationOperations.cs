using System.Runtime.CompilerServices;
using Orleans;
using Settlement.Contract;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Reads;
using Settlement.Gateway.Reconciling;
using Settlement.Gateway.Refusals;
using Settlement.Gateway.Validation;
using Settlement.Identity;
using Settlement.Reconciling;
using Settlement.Refusals;
using Kind = Settlement.Contract.Difference.Types.Kind;

namespace Settlement.Gateway.Operations;

/// <summary>The operations of the Reconciliation service. A facility sees its own books; the agency names whose it wants.</summary>
public sealed class ReconciliationOperations(IGrainFactory grains, ReadTrail reads, TimeProvider time)
{
    /// <summary>Most days of one question.</summary>
    private const int MaxDays = 31;

    /// <summary>Most rows on either side of one comparison: what it keeps in memory is bounded by it.</summary>
    internal const int MaxRows = 200_000;

    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>Sums over some days.</summary>
    public async Task<GetTotalsResponse> GetTotals(GetTotalsRequest request, Caller caller)
    {
        Days days = Days.Parse(request.From, request.To);
        string facility = Facility(caller, request.Facility);
        BookTotals totals = await Sum(facility, days, static _ => true);
        GetTotalsResponse answer = new()
        {
            Facility = facility, From = request.From, To = request.To, Sum = totals.Sum, Complete = IsOver(days.To),
        };
        answer.Rows.AddRange(totals.Rows);
        return answer;
    }

    /// <summary>The facility's sums against the ledger's.</summary>
    public async Task<CompareTotalsResponse> CompareTotals(CompareTotalsRequest request, Caller caller)
    {
        Days days = Days.Parse(request.From, request.To);
        Check.KnownOrAbsent("scheme", request.Scheme);
        Check.KnownOrAbsent("clearingType", request.ClearingType);
        Check.KnownOrAbsent("visitType", request.VisitType);
        Check.KnownOrAbsent("part", request.Part);
        Check.Present("totals", request.Totals);
        string facility = Facility(caller, request.Facility);
        BookTotals totals = await Sum(facility, days, row =>
            (request.Scheme == 0 || row.Scheme == request.Scheme)
            && (request.ClearingType == 0 || row.ClearingType == request.ClearingType)
            && (request.VisitType == 0 || row.VisitType == request.VisitType));
        TotalsRow here = totals.Sum;
        (here.Scheme, here.ClearingType, here.VisitType) = (request.Scheme, request.ClearingType, request.VisitType);
        CompareTotalsResponse answer = new() { Here = here };
        answer.Differences.AddRange(TotalsComparison.Compare(here, request.Part, request.Totals));
        answer.Balanced = answer.Differences.Count == 0;
        return answer;
    }

    /// <summary>The ledger's list.</summary>
    public async Task ListDetails(ListDetailsRequest request, Func<DetailItem, Task> answer, Caller caller, CancellationToken cancellation)
    {
        Days days = Days.Parse(request.From, request.To);
        string facility = Facility(caller, request.Facility);
        reads.Note(caller, "Reconciliation/ListDetails", "", $"{facility} {request.From} {request.To}");
        await foreach (BookRow row in Rows(facility, days, cancellation)) await answer(row.Item);
    }

    /// <summary>The facility's list against the ledger's: differences as they are found, a summary at the end.</summary>
    public async Task CompareDetails(
        IAsyncEnumerable<CompareDetailsRequest> requests, Func<CompareDetailsResponse, Task> answer, Caller caller,
        CancellationToken cancellation)
    {
        await using IAsyncEnumerator<CompareDetailsRequest> parts = requests.GetAsyncEnumerator(cancellation);
        if (!await parts.MoveNextAsync() || parts.Current.Header is not { } header) throw Check.Missing("header (as the first message)");
        Days days = Days.Parse(header.From, header.To);
        string facility = Facility(caller, header.Facility);
        reads.Note(caller, "Reconciliation/CompareDetails", "", $"{facility} {header.From} {header.To}");
        List<DetailItem> rows = [];
        await foreach (BookRow row in Rows(facility, days, cancellation))
        {
            if (rows.Count == MaxRows) throw TooLarge("ledger");
            rows.Add(row.Item);
        }

        DetailComparison comparison = new(rows);
        long differences = 0;
        while (await parts.MoveNextAsync())
        {
            DetailItem item = Shaped(parts.Current.Item, comparison.There + 1);
            if (comparison.There == MaxRows) throw TooLarge("facility");
            foreach (Difference difference in comparison.Take(item))
                await Write(difference.Kind == Kind.MissingHere ? await Elsewhere(facility, difference) : difference);
        }

        foreach (Difference difference in comparison.Rest()) await Write(difference);
        await answer(new CompareDetailsResponse
        {
            Summary = new DetailsSummary
            {
                ItemsThere = comparison.There, ItemsHere = comparison.Here, Matched = comparison.Matched, Differences = differences,
                Complete = IsOver(days.To),
            },
        });

        Task Write(Difference difference)
        {
            differences++;
            return answer(new CompareDetailsResponse { Difference = difference });
        }
    }

    /// <summary>What the agency pays a facility for a month.</summary>
    public async Task<MonthStatement> GetMonthStatement(GetMonthStatementRequest request, Caller caller)
    {
        Days days = Days.Month(request.Month);
        string facility = Facility(caller, request.Facility);
        return Statement(facility, request.Month, days, await Sum(facility, days, static _ => true));
    }

    /// <summary>The same of every facility, from one reading.</summary>
    public async Task ListMonthStatements(
        ListMonthStatementsRequest request, Func<MonthStatement, Task> answer, Caller caller, CancellationToken cancellation)
    {
        caller.RequireAgency("see the statements of all facilities", Scope.Reconcile);
        Days days = Days.Month(request.Month);
        SortedDictionary<string, BookTotals> facilities = new(StringComparer.Ordinal);
        await foreach (BookRow row in Rows(null, days, cancellation))
        {
            if (!facilities.TryGetValue(row.Facility, out BookTotals? totals)) facilities.Add(row.Facility, totals = new BookTotals());
            totals.Add(row);
        }

        foreach ((string facility, BookTotals totals) in facilities) await answer(Statement(facility, request.Month, days, totals));
    }

    private MonthStatement Statement(string facility, string month, Days days, BookTotals totals)
    {
        MonthStatement statement = new()
        {
            Facility = facility,
            Month = month,
            Sum = totals.Sum,
            Payable = totals.Sum.FundPay,
            Complete = IsOver(days.To),
        };
        statement.Rows.AddRange(totals.Rows);
        statement.Days.AddRange(totals.Days);
        return statement;
    }

    private async Task<BookTotals> Sum(string facility, Days days, Func<DetailItem, bool> wanted)
    {
        BookTotals totals = new();
        await foreach (BookRow row in Rows(facility, days, CancellationToken.None))
        {
            if (wanted(row.Item)) totals.Add(row);
        }

        return totals;
    }

    private async IAsyncEnumerable<BookRow> Rows(string? facility, Days days, [EnumeratorCancellation] CancellationToken cancellation)
    {
        IReconciliationGrain reader = Reader(facility ?? "-");
        for (DateOnly day = days.From; day <= days.To; day = day.AddDays(1))
        {
            BookCursor? cursor = null;
            do
            {
                cancellation.ThrowIfCancellationRequested();
                BookPage page = SettlementOperations.Value(await reader.ReadPage(facility, day, cursor));
                foreach (BookRow row in page.Rows) yield return row;
                cursor = page.Next;
            }
            while (cursor is not null);
        }
    }

    /// <summary>
    /// Of a row that the ledger does not have on these days: whether it has it on another, and whether only the reversal is missing.
    /// </summary>
    private async Task<Difference> Elsewhere(string facility, Difference missing)
    {
        DetailItem there = missing.There;
        BookPage found = SettlementOperations.Value(await Reader(facility).Find(facility, there.SettlementId, there.RequestId));
        if (found.Rows.Length == 0) return missing;
        if (there.Reversal) missing.Kind = Kind.ReversedThereOnly;
        if (Array.Find(found.Rows, row => row.Item.Reversal == there.Reversal) is { } row) missing.OtherDay = $"{row.Day:yyyy-MM-dd}";
        return missing;
    }

    private static DetailItem Shaped(DetailItem? item, int number)
    {
        string field = $"item[{number}]";
        Check.Present(field, item);
        if (item.SettlementId.Length == 0 && item.RequestId.Length == 0)
            throw Check.Missing($"{field}.settlementId (or {field}.requestId)");
        if (item.SettlementId.Length > 0) Check.Id($"{field}.settlementId", item.SettlementId);
        if (item.RequestId.Length > 0) Check.KnownRequestId($"{field}.requestId", item.RequestId);
        Check.MaxLength($"{field}.visitId", item.VisitId, 64);
        // A person's id is compared and never shown back in an error.
        if (item.Person.Length > 0) Check.Person(item.Person);
        return item;
    }

    private static string Facility(Caller caller, string facility)
    {
        if (facility.Length > 0) Check.Id("facility", facility);
        caller.Require(Scope.Reconcile);
        string acting = FacilityFacts.Acting(caller, facility);
        return acting.Length > 0 ? acting : throw Check.Missing("facility");
    }

    private bool IsOver(DateOnly day) => DateOnly.FromDateTime(time.GetUtcNow().ToOffset(China).DateTime) > day;

    /// <summary>Readers hold no state: a few of them share the work.</summary>
    private IReconciliationGrain Reader(string facility) => grains.GetGrain<IReconciliationGrain>(facility[^1..]);

    private static RefusalException TooLarge(string side) => new(new RefusalInfo(
        RefusalCodes.ReconciliationTooLarge,
        $"The list of the {side} has more than {MaxRows} rows on these days: compare fewer days at once.",
        $"对账明细超过{MaxRows}条，请缩短对账日期范围。",
        new Dictionary<string, string> { ["side"] = side, ["most"] = $"{MaxRows}" }));

    private readonly record struct Days(DateOnly From, DateOnly To)
    {
        public static Days Parse(string from, string to)
        {
            Days days = new(Check.Date("from", from), Check.Date("to", to));
            if (days.To < days.From) throw Check.Invalid("to", to, $"a day not before from ({from})", "结束日期早于开始日期");
            return days.To.DayNumber - days.From.DayNumber < MaxDays
                ? days
                : throw Check.Invalid("to", to, $"a day less than {MaxDays} days after from ({from})", $"日期范围不得超过{MaxDays}天");
        }

        public static Days Month(string month)
        {
            if (month.Length == 0) throw Check.Missing("month");
            if (month.Length != "yyyy-MM".Length || !IsoDay.TryParse(month + "-01", out DateOnly first) || first.Year is < 2000 or > 2100)
                throw Check.Invalid("month", month.Length > 16
                    ? month[..16]
                    : month, "a month of 2000 to 2100 as YYYY-MM", "应为2000至2100年间的月份，格式YYYY-MM");
            return new Days(first, first.AddMonths(1).AddDays(-1));
        }
    }
}
