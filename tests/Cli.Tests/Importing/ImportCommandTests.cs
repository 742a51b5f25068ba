using System.Collections.Concurrent;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Settlement.Cli.Importing;
using Settlement.Cli.Tests.Support;
using Settlement.Contract;

namespace Settlement.Cli.Tests.Importing;

/// <summary><c>import</c> against a server that answers as a test tells it to: what is sent, in which order, and how it ends.</summary>
public sealed class ImportCommandTests : IAsyncLifetime, IDisposable
{
    private const string Head = "psn_no,insuplc_admdvs,year,paid_on";
    private readonly InstantClock clock = new();
    private readonly TestHost host;
    private readonly ConcurrentQueue<RecordRequest> sent = new();
    private FakeServer server = null!;

    public ImportCommandTests() => host = new TestHost { Clock = clock };

    public async Task InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        server.Answers.Record = Recorded;
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => host.Dispose();

    [Theory]
    [InlineData(
        "psn_no,insuplc_admdvs,year,payed_on,rate\n",
        "columns 'payed_on', 'rate' not known in a file of contributions; known are psn_no (人员编号), ")]
    [InlineData("psn_no,insuplc_admdvs,year\n", "column paid_on (缴费日期) missing")]
    [InlineData("psn_no,year,paid_on\n", "column insuplc_admdvs (参保地医保区划) missing")]
    [InlineData("psn_no,人员编号,insuplc_admdvs,year,paid_on\n", "column psn_no (人员编号) is there twice")]
    [InlineData("", "the file is empty")]
    [InlineData(
        Head + "\nP1,210100,2026,2025-11-01\nP1,210100,2026\nP2,210100,2026,2025-11-01,\n",
        "line 3: 3 cells under a head of 4\n  line 4: 5 cells under a head of 4")]
    [InlineData(Head + "\nP1,210100,2026,2025-11-01\nP1,210100,2\"026,2025-11-01\n", "line 3: a quote inside a cell")]
    [InlineData(Head + "\nP1,210100,2026,\"2025-11-01\n", "line 2: a quote is never closed")]
    public async Task A_file_that_cannot_be_read_to_its_end_ends_with_2_before_anything_is_sent(string text, string message)
    {
        string file = host.Write("c.csv", text);
        Assert.Equal(ExitCode.Usage, await RunAsync(file));
        Assert.Contains($"{file}: {message}", host.Error);
        Assert.Empty(server.Answers.Keys);
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public async Task Files_of_spreadsheets_are_read_in_both_encodings_with_either_line_end_and_quotes()
    {
        const string Text = "人员编号,insuplc_admdvs,\"缴费年度\",缴费日期\r\nP1,210100,\"2026\",2025/11/1\r\n\r\nP2,210100,2026,2025-11-02";
        string chinese = host.Write("g.csv", "");
        await File.WriteAllBytesAsync(chinese, ImportFile.EncodingOf("gb18030").GetBytes(Text));

        Assert.Equal(ExitCode.Usage, await RunAsync(chinese));
        Assert.Contains("line 1: bytes that are not utf-8; a file in GB18030 or GBK is read with --encoding gb18030", host.Error);
        Assert.Equal(ExitCode.Ok, await RunAsync(chinese, "--encoding", "gb18030"));
        Assert.Equal(ExitCode.Ok, await RunAsync(host.Write("u.csv", "\uFEFF" + Text), "--encoding", "gb18030"));
        Assert.Equal(["P1 2025-11-01", "P1 2025-11-01", "P2 2025-11-02", "P2 2025-11-02"], sent.Select(Named).Order());
    }

    [Fact]
    public async Task A_check_names_every_bad_row_and_sends_nothing()
    {
        string file = host.Write("c.csv", $"{Head}\nP1,210100,2026,2025-11-01\nP2,210100,26,2025-11-01\n\"P,3\",210100,2026,x\n");
        Assert.Equal(ExitCode.Refused, await RunAsync(file, "--check", "--language", "en"));
        Assert.Contains("3 contributions checked, nothing sent: 1 can be sent, 2 refused", host.Out);
        Assert.Equal(
            $"""
            line,{Head},refusal_code,refusal_field,refusal_message
            3,P2,210100,26,2025-11-01,INVALID_FIELD,year,year is '26': expected a year of four digits.
            4,"P,3",210100,2026,x,INVALID_FIELD,psn_no,"psn_no is '****': expected the person id holds a character other than letters, digits, '-' and '_'."

            """.ReplaceLineEndings("\r\n"), await File.ReadAllTextAsync(file + ".check.csv"));
        Assert.Empty(server.Answers.Keys);
    }

    [Fact]
    public async Task Rows_of_a_person_are_sent_in_the_order_of_the_file_and_those_of_others_meanwhile()
    {
        using CountdownEvent both = new(2);
        server.Answers.Record = request =>
        {
            // The first rows of two persons are in flight together, or this would never end.
            if (request.Facts[0].Contribution.Year == 2001)
            {
                both.Signal();
                Assert.True(both.Wait(TimeSpan.FromSeconds(30)));
            }

            return Recorded(request);
        };
        string[] rows = [.. Enumerable.Range(2001, 20)
            .SelectMany(year => (string[])[$"P1,210100,{year},2025-11-01", $"P2,210100,{year},2025-11-01"])];
        Assert.Equal(ExitCode.Ok, await RunAsync(host.Write("c.csv", $"{Head}\n{string.Join('\n', rows)}\n"), "--in-flight", "1000"));
        foreach (IGrouping<string, RecordRequest> person in sent.GroupBy(request => request.Person))
            Assert.Equal(Enumerable.Range(2001, 20), person.Select(request => request.Facts[0].Contribution.Year));
    }

    [Fact]
    public async Task A_busy_server_is_tried_again_when_it_says_and_one_row_fails_for_itself()
    {
        int busy = 0;
        server.Answers.Record = request => request.Person switch
        {
            "P1" when busy++ == 0 => throw Busy(TimeSpan.FromSeconds(7)),
            "P2" => throw FakeAnswers.Refusal(StatusCode.Internal, "INTERNAL_DEFECT", "a defect"),
            "P3" => throw FakeAnswers.Refusal(
                StatusCode.NotFound, "PERSON_NOT_REGISTERED", "=unknown", ("field", "facts[0].contribution.paidOn")),
            _ => Recorded(request),
        };
        string file = host.Write("c.csv", File4());
        Assert.Equal(ExitCode.Unknown, await RunAsync(file));
        Assert.Contains("4 of 4 contributions: 2 recorded, 1 refused, 1 of unknown outcome", host.Out);
        Assert.Equal(["P1", "P4"], sent.Select(request => request.Person).Order());
        Assert.Equal(TimeSpan.FromSeconds(7), clock.Longest);
        string[] errors = await File.ReadAllLinesAsync(file + ".errors.csv");
        Assert.Equal("3,P2,210100,2026,2025-11-01,INTERNAL_DEFECT,,a defect", errors[1]);
        Assert.Equal("4,P3,210100,2026,2025-11-01,PERSON_NOT_REGISTERED,paid_on,'=unknown", errors[2]);
        Assert.False(File.Exists(file + ".progress"));
    }

    [Fact]
    public async Task What_is_refused_to_every_row_ends_the_import_at_the_first()
    {
        server.Answers.Record = _ => throw FakeAnswers.Refusal(StatusCode.PermissionDenied, "NOT_ALLOWED", "not yours");
        Assert.Equal(ExitCode.Refused, await RunAsync(host.Write("c.csv", File4()), "--in-flight", "1"));
        Assert.Contains("refused: NOT_ALLOWED: not yours", host.Error);
        Assert.Contains("0 of 4 contributions", host.Out);
    }

    [Fact]
    public async Task No_server_ends_with_3_before_anything_is_written()
    {
        string file = host.Write("c.csv", File4());
        string[] line = Line(file);
        await server.DisposeAsync();
        Assert.Equal(ExitCode.Environment, await host.RunAsync(line));
        Assert.Contains("no server answers", host.Error);
        Assert.False(File.Exists(file + ".progress"));
    }

    [Theory]
    [InlineData(StatusCode.ResourceExhausted, ExitCode.Environment)] // busy: nothing was written
    [InlineData(StatusCode.Unavailable, ExitCode.Unknown)]
    public async Task A_server_that_stays_away_stops_the_import_and_the_same_command_goes_on(StatusCode status, int code)
    {
        bool away = true;
        server.Answers.Record = request => away && request.Person == "P3" ? throw FakeAnswers.Refusal(status, "AWAY", "away")
            : request.Person == "P1" ? throw FakeAnswers.Refusal(StatusCode.NotFound, "PERSON_NOT_REGISTERED", "unknown")
            : Recorded(request);
        string file = host.Write("c.csv", File4());
        Assert.Equal(code, await RunAsync(file, "--in-flight", "1", "--patience", "20"));
        Assert.Contains("the server was busy or away for 20 s (AWAY: away)", host.Error);
        Assert.Contains("stopped after 2 of 4 rows; the same command goes on from there", host.Error);

        // A killed run may have written more errors than its progress says: they come again, and must not be there twice.
        await File.AppendAllTextAsync(file + ".errors.csv", "5,P4,210100,2026,20");
        away = false;
        int before = server.Answers.Keys.Count;
        Assert.Equal(ExitCode.Refused, await RunAsync(file));
        Assert.Contains("going on behind line 3, up to which 2 rows", host.Error);
        Assert.Equal(["P2", "P3", "P4"], sent.Select(request => request.Person).Order());
        Assert.Equal(before + 3, server.Answers.Keys.Count); // a ping and two rows
        Assert.Contains("4 of 4 contributions: 3 recorded, 1 refused", host.Out);
        Assert.Equal(2, File.ReadAllLines(file + ".errors.csv").Length);
        Assert.False(File.Exists(file + ".progress"));
    }

    [Fact]
    public async Task An_interrupted_import_waits_for_what_was_sent_and_ends_with_130()
    {
        using CancellationTokenSource interrupt = new();
        server.Answers.Record = request =>
        {
            if (request.Person == "P2") interrupt.Cancel();
            return Recorded(request);
        };
        string file = host.Write("c.csv", File4());
        Assert.Equal(130, await host.RunAsync(interrupt.Token, Line(file, "--in-flight", "1")));
        Assert.Contains("2 of 4 contributions: 2 recorded", host.Out);
        Assert.Equal(ExitCode.Ok, await RunAsync(file));
        Assert.Equal(["P1", "P2", "P3", "P4"], sent.Select(request => request.Person).Order());
    }

    [Theory]
    [InlineData("another file")]
    [InlineData("another region")]
    [InlineData("from start")]
    [InlineData("spoiled progress")]
    [InlineData("lost errors")]
    public async Task Where_an_interrupted_import_is_not_this_one_it_begins_anew(string change)
    {
        bool away = true;
        server.Answers.Record = request => away && request.Person == "P3" ? throw Busy(TimeSpan.FromSeconds(1))
            : request.Person == "P1" ? throw FakeAnswers.Refusal(StatusCode.NotFound, "PERSON_NOT_REGISTERED", "unknown")
            : Recorded(request);
        string file = host.Write("c.csv", File4());
        Assert.Equal(ExitCode.Environment, await RunAsync(file, "--in-flight", "1", "--patience", "0"));
        away = false;
        sent.Clear();
        if (change == "another file") host.Write("c.csv", File4() + "P5,210100,2026,2025-11-01\n");
        if (change == "spoiled progress") host.Write("c.csv.progress", "{\"of\":");
        if (change == "lost errors") File.Delete(file + ".errors.csv");
        Assert.Equal(ExitCode.Refused, await RunAsync(
            [file, .. change switch { "another region" => (string[])["--region", "210500"], "from start" => ["--from-start"], _ => [] }]));
        Assert.Equal(["P2", "P3", "P4"], sent.Select(request => request.Person).Where(person => person != "P5").Order());
        Assert.Equal(2, File.ReadAllLines(file + ".errors.csv").Length);
    }

    [Fact]
    public async Task A_corrected_error_file_is_imported_as_it_is()
    {
        string file = host.Write("c.csv", $"{Head}\nP1,210100,2026,2025-11-01\nP2,210100,26,2025-11-02\nP3,210100,2026,\n");
        Assert.Equal(ExitCode.Refused, await RunAsync(file));
        string errors = file + ".errors.csv";
        await File.WriteAllTextAsync(errors, (await File.ReadAllTextAsync(errors)).Replace(",26,", ",2026,", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Refused, await RunAsync(errors));
        Assert.Equal(["P1 2025-11-01", "P2 2025-11-02"], sent.Select(Named).Order());
        string[] left = await File.ReadAllLinesAsync(errors + ".errors.csv");
        Assert.Equal($"line,{Head},refusal_code,refusal_field,refusal_message", left[0]);
        Assert.Equal("3,P3,210100,2026,,INVALID_FIELD,paid_on,缺少 paid_on（缴费日期）。", left[1]);
        Assert.Equal(2, left.Length);
    }

    [Fact]
    public async Task Rows_known_before_are_counted_apart_when_it_is_asked()
    {
        server.Answers.GetByRequest = request => new GetByRequestResponse
        {
            State = sent.Any(known => known.RequestId == request.RequestId)
                ? GetByRequestResponse.Types.State.Settled
                : GetByRequestResponse.Types.State.NotKnown,
        };
        Assert.Equal(ExitCode.Ok, await RunAsync(host.Write("a.csv", File4())));
        Assert.Equal(
            ExitCode.Ok,
            await RunAsync(
            host.Write("b.csv", File4() + "P1,210100,2026,2025/11/1\nP5,210100,2026,2025-11-01\n"), "--ask-first", "--json"));
        Assert.Contains("\"recorded\": 1,", host.Out);
        Assert.Contains("\"alreadyThere\": 5,", host.Out);
        Assert.Equal(5, sent.Count);
    }

    [Fact]
    public void While_it_lasts_it_says_how_far_it_is_and_not_too_often()
    {
        ImportReport report = new(host.Host, ImportKind.All[0], "p.csv", 100, "p.csv.errors.csv", json: false);
        clock.Advance(TimeSpan.FromSeconds(20));
        report.Show(new ImportCounts(50, 0, 10, 0), isWaiting: false);
        clock.Advance(TimeSpan.FromSeconds(9));
        report.Show(new ImportCounts(60, 0, 10, 0), isWaiting: false);
        clock.Advance(TimeSpan.FromSeconds(1));
        report.Show(new ImportCounts(70, 0, 9, 1), isWaiting: true);
        Assert.Equal(
            ["60 of 100 persons, 10 refused, 3 rows/s, 13 s left",
                "80 of 100 persons, 10 refused, 2 rows/s, 8 s left; the server is busy or away, trying again"],
            host.Error.TrimEnd().ReplaceLineEndings("\n").Split('\n'));
    }

    [Fact]
    public async Task The_file_itself_is_never_written_to()
    {
        string file = host.Write("c.csv", File4());
        Assert.Equal(ExitCode.Usage, await RunAsync(file, "--errors", file));
        Assert.Equal(File4(), await File.ReadAllTextAsync(file));
    }

    private static string File4() =>
        $"{Head}\nP1,210100,2026,2025-11-01\nP2,210100,2026,2025-11-01\nP3,210100,2026,2025-11-01\nP4,210100,2026,2025-11-01\n";

    private static string Named(RecordRequest request) => $"{request.Person} {request.Facts[0].Contribution.PaidOn}";

    private static RpcException Busy(TimeSpan delay) => new Google.Rpc.Status
    {
        Code = (int)StatusCode.ResourceExhausted,
        Details = { Any.Pack(new ErrorInfo { Reason = "BUSY" }), Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }) },
    }.ToRpcException();

    private RecordResponse Recorded(RecordRequest request)
    {
        sent.Enqueue(request);
        return new RecordResponse { Person = request.Person, RequestId = request.RequestId, Sequence = 2 };
    }

    private Task<int> RunAsync(params string[] arguments) => host.RunAsync(Line(arguments));

    private string[] Line(params string[] arguments) => ["import", "contributions", .. arguments, "--server", server.Address, "--key", "k"];
}
