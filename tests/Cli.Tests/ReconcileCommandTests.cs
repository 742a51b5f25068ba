using Settlement.Cli.Tests.Support;
using Settlement.Contract;
using Settlement.Reconciling;
using Kind = Settlement.Contract.Difference.Types.Kind;

namespace Settlement.Cli.Tests;

/// <summary><c>reconcile</c> and <c>void</c>: what is sent, what the clerk sees, and files that are no lists.</summary>
public sealed class ReconcileCommandTests : IAsyncLifetime, IDisposable
{
    private const string Settled = "0ABCDEFGHJKMNPQRSTVWXYZ012";
    private readonly TestHost host = new();
    private FakeServer server = null!;
    private List<CompareDetailsRequest> sent = [];

    public async Task InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        server.Answers.CompareDetails = requests =>
        {
            sent = requests;
            return Differences();
        };
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => host.Dispose();

    [Fact]
    public async Task A_list_is_sent_row_by_row_and_the_differences_are_shown_and_written()
    {
        string file = host.Write(
            "list.csv", $"\uFEFFrequest_id,settlement_id,reversal,total,fund_pay,visit_id\r\nr1,{Settled},0,4000000,,\"v,1\"\r\n\r\nr2,,1,-100,-60,\r\n");
        string result = host.Write("out.csv", "");

        Assert.Equal(ExitCode.Refused, await RunAsync(file, "--facility", "H1", "--day", "2026-04-01", "--out", result));

        Assert.Equal(new DetailsHeader { Facility = "H1", From = "2026-04-01", To = "2026-04-01" }, sent[0].Header);
        Assert.Equal(
            [
                new DetailItem { RequestId = "r1", SettlementId = Settled, Total = 4_000_000, VisitId = "v,1" },
                new DetailItem { RequestId = "r2", Reversal = true, Total = -100, FundPay = -60 },
            ],
            sent.Skip(1).Select(request => request.Item));
        Golden.Equal("reconcile.differences.txt", host.Out);
        Golden.Equal("reconcile.differences.csv", await File.ReadAllTextAsync(result));
        Assert.DoesNotContain(Examples.Person, host.Out);
    }

    [Fact]
    public async Task No_difference_ends_with_0()
    {
        server.Answers.CompareDetails = _ =>
            [new CompareDetailsResponse { Summary = new DetailsSummary { ItemsHere = 1, ItemsThere = 1, Matched = 1, Complete = true } }];
        Assert.Equal(ExitCode.Ok, await RunAsync(host.Write("list.csv", "request_id\nr1\n"), "--day", "2026-04-01"));
        Assert.Contains("1 rows of the ledger, 1 of the facility, 1 on both sides: no difference", host.Out);
    }

    [Fact]
    public async Task A_comparison_that_was_cut_off_is_no_result()
    {
        server.Answers.CompareDetails = _ => [.. Differences().SkipLast(1)];
        Assert.Equal(ExitCode.Environment, await RunAsync(host.Write("list.csv", "request_id\nr1\n"), "--day", "2026-04-01"));
        Assert.Contains("without its summary", host.Error);
    }

    [Theory]
    [InlineData("", "line 1: the file is empty; the first line names the columns")]
    [InlineData("total\n1", "line 1: neither settlement_id nor request_id is a column")]
    [InlineData("request_id,sum\n", "line 1: column 'sum' is not known; known are settlement_id, request_id")]
    [InlineData("request_id,request_id\n", "line 1: column 'request_id' is there twice")]
    [InlineData("request_id,total\nr1,1\nr2\n", "line 3: 1 cells under a head of 2")]
    [InlineData("request_id,total\nr1,1.50\n", "line 2: total is '1.50': expected a whole number of fen")]
    [InlineData("request_id,reversal\nr1,yes\n", "line 2: reversal is 'yes': expected 0 for a settlement, 1 for its reversal")]
    [InlineData("request_id,total\n,1\n", "line 2: neither settlement_id nor request_id is given")]
    [InlineData("request_id\n\"r1\n", "line 2: a quote is never closed")]
    [InlineData("request_id\nr\"1\n", "line 2: a quote inside a cell")]
    [InlineData("request_id\n\"r1\"x\n", "line 2: 'x' after a closing quote")]
    public async Task A_file_that_is_no_list_is_refused_by_line_column_and_rule_and_nothing_is_sent(string text, string message)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(host.Write("bad.csv", text), "--day", "2026-04-01"));
        Assert.Contains($"bad.csv: {message}", host.Error);
        Assert.Empty(sent);
    }

    [Theory]
    [InlineData]
    [InlineData("--day", "2026-04-01", "--month", "2026-04")]
    [InlineData("--day", "2026-04-01", "--all")]
    [InlineData("--month", "2026-04", "--list")]
    [InlineData("--month", "2026-04", "--all", "--facility", "H1")]
    [InlineData("list.csv", "--day", "2026-04-01", "--list")]
    public async Task Options_that_do_not_go_together_are_refused(params string[] arguments) =>
        Assert.Equal(ExitCode.Usage, await RunAsync(arguments));

    [Fact]
    public async Task A_month_is_shown_by_kind_and_day_with_what_the_agency_owes()
    {
        server.Answers.GetMonthStatement = request => Statement(request.Facility, request.Month);
        string result = host.Write("month.csv", "");
        Assert.Equal(ExitCode.Ok, await RunAsync("--month", "2026-04", "--facility", "H1", "--out", result));
        Golden.Equal("reconcile.month.txt", host.Out);
        Golden.Equal("reconcile.month.csv", await File.ReadAllTextAsync(result));
    }

    [Fact]
    public async Task A_list_written_is_a_list_read()
    {
        DetailItem[] items =
        [
            new()
            {
                SettlementId = Settled, RequestId = "r1", Person = "P1", VisitId = "v\"1",
                Total = 5, FundPay = 3, Pooled = 3, SeriousIllness = 0, Assistance = 0, PersonPays = 2,
            },
            new()
            {
                SettlementId = Settled, RequestId = "r1", Reversal = true, Person = "P1", VisitId = "v\"1",
                Total = -5, FundPay = -3, Pooled = -3, SeriousIllness = 0, Assistance = 0, PersonPays = -2,
            },
        ];
        server.Answers.ListDetails = _ => items;
        string file = host.Write("list.csv", "");
        await RunAsync("--day", "2026-04-01", "--list", "--out", file);
        await RunAsync(file, "--day", "2026-04-01");
        Assert.Equal(items, sent.Skip(1).Select(request => request.Item));
    }

    [Fact]
    public void What_a_spreadsheet_would_run_is_made_harmless()
    {
        Assert.Equal(["'=1+1", "'+1", "'-1", "'@x", "r1", ""], ((string[])["=1+1", "+1", "-1", "@x", "r1", ""]).Select(Csv.Harmless));
    }

    [Fact]
    public async Task Void_tells_which_end_the_request_had()
    {
        server.Answers.Void = request => new VoidResponse
        {
            State = VoidResponse.Types.State.NeverSettles, RequestId = request.RequestId, Person = request.Person,
                VoidedAt = "2026-04-01T10:00:00+08:00",
        };
        Assert.Equal(ExitCode.Ok, await host.RunAsync("void", "r1", "--person", Examples.Person, "--server", server.Address));
        Assert.Contains("Request r1 never settles: it had not arrived, and is refused from 2026-04-01T10:00:00+08:00 on.", host.Out);
        server.Answers.Void = request => new VoidResponse
        {
            State = VoidResponse.Types.State.Reversed, RequestId = request.RequestId, Person = request.Person,
            Reversal = new ReverseResponse { SettlementId = Settled, ReversalId = "0R", ReversedAt = "2026-04-01T10:00:00+08:00",
                Reversed = Examples.Result() },
        };
        await host.RunAsync("void", "r1", "--person", Examples.Person, "--server", server.Address);
        Assert.Contains($"had settled {Settled}", host.Out);
        Assert.DoesNotContain(Examples.Person, host.Out);
    }

    private static List<CompareDetailsResponse> Differences()
    {
        DetailItem here = new()
        {
            SettlementId = Settled, RequestId = "r1", Person = Examples.Person, VisitId = "v1", Total = 4_000_100, FundPay = 2_955_000,
            RecordedAt = "2026-04-01T09:00:00+08:00",
        };
        Difference amount =
            new() { Kind = Kind.AmountDiffers, Here = here, There = new DetailItem(here) { Total = 4_000_000, VisitId = "v,1" }, Item = 1 };
        amount.Amounts.Add(new AmountDifference { Field = "total", Here = 4_000_100, There = 4_000_000 });
        return
        [
            new() { Difference = amount },
            new() { Difference = new Difference { Kind = Kind.IdentityDiffers, Here = here, There = amount.There, Item = 1 } },
            new() { Difference = new Difference { Kind = Kind.MissingHere,
                There = new DetailItem { RequestId = "=r2", Total = -100, Reversal = true }, Item = 2, OtherDay = "2026-04-02" } },
            new() { Difference = new Difference { Kind = Kind.MissingThere, Here = new DetailItem(here) { RequestId = "r3" } } },
            new() { Summary = new DetailsSummary { ItemsHere = 2, ItemsThere = 2, Matched = 1, Differences = 4 } },
        ];
    }

    private static MonthStatement Statement(string facility, string month)
    {
        Payments net =
            new() { Total = 10_000_000, Pooled = 6_000_000, SeriousIllness = 500_000, AssistanceBasic = 300_000, AssistanceTilt = 200_000,
            PersonPays = 3_000_000 };
        TotalsRow row = new()
        {
            Scheme = Scheme.Types.Kind.Resident, ClearingType = Clearing.Types.Type.Inpatient, VisitType = Visit.Types.Type.Inpatient,
                Settlements = 3,
            Reversals = 1, Net = net, FundPay = 7_000_000,
        };
        return new MonthStatement
        {
            Facility = facility, Month = month, Rows = { row },
                Sum = new TotalsRow { Settlements = 3, Reversals = 1, Net = net, FundPay = 7_000_000 },
            Days = { new DayTotals { Day = $"{month}-01", Settlements = 3, Reversals = 1, Net = net, FundPay = 7_000_000 } },
                Payable = 7_000_000,
        };
    }

    private Task<int> RunAsync(params string[] arguments) => host.RunAsync(["reconcile", .. arguments, "--server", server.Address]);
}
