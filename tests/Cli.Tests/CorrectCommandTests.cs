using Grpc.Core;
using Settlement.Cli.Tests.Support;
using Settlement.Contract;
using Role = Settlement.Contract.CorrectedSettlement.Types.Role;

namespace Settlement.Cli.Tests;

/// <summary><c>correct</c>: what is sent, and the report on the screen.</summary>
public sealed class CorrectCommandTests : IAsyncLifetime, IDisposable
{
    private readonly TestHost host = new();
    private FakeServer server = null!;
    private CorrectRequest? sent;

    public async Task InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        server.Answers.Correct = request =>
        {
            sent = request;
            return Answer(request);
        };
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => host.Dispose();

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task The_report_shows_each_settlement_by_payer_what_is_due_and_what_to_look_at(string language)
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("--claim", Sample(), "--reason", "等级有误", "--request-id", "c1", "--language", language));
        Golden.Equal($"correct.{language}.txt", host.Out);
        Assert.Contains("request id c1", host.Error);
        Assert.DoesNotContain(Examples.Person, host.Out + host.Error);
    }

    [Fact]
    public async Task The_claim_of_a_file_made_for_settle_is_sent_and_so_is_a_claim_alone()
    {
        await RunAsync("--claim", Sample(), "--reason", "等级有误");
        Claim claim = sent!.Claim;
        Assert.Equal(("210100", "等级有误", false), (claim.Region, sent.Reason, sent.Preview));
        Assert.InRange(sent.RequestId.Length, 1, 30);
        await RunAsync("--claim", host.Write("claim.json", Google.Protobuf.JsonFormatter.Default.Format(claim)), "--reason", "r");
        Assert.Equal(claim, sent.Claim);
    }

    [Fact]
    public async Task A_preview_asks_and_an_unknown_outcome_of_it_is_no_unknown_correction()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("--take-back", "--reason", "r", "--preview"));
        Assert.True(sent!.Preview && sent.TakeBack);
        Assert.DoesNotContain("request id", host.Error);
        Assert.StartsWith("更正试算", host.Out);

        server.Answers.Correct = _ => throw new RpcException(new Status(StatusCode.Unavailable, "going down"));
        Assert.Equal(ExitCode.Environment, await RunAsync("--take-back", "--reason", "r", "--preview"));
        Assert.Equal(ExitCode.Unknown, await RunAsync("--take-back", "--reason", "r"));
    }

    private static CorrectResponse Answer(CorrectRequest request)
    {
        CorrectResponse answer = new()
        {
            CorrectionId = "0CORRECT", RequestId = request.RequestId, Person = Examples.Person, SettlementId = request.SettlementId,
            BenefitYear = 2026, Reason = request.Reason, CorrectedAt = "2026-06-01T10:00:00+08:00", Preview = request.Preview,
            Before = Paid(6_000_000, 0, 2_000_000), After = Paid(6_428_000, 0, 1_572_000), Difference = Paid(428_000, 0, -428_000),
            Refund = 428_000, Text = "Altogether the funds pay more.", TextZh = "合计：基金支付增加。", Notices = { "ALERT_WITHDRAWN" },
        };
        answer.Settlements.Add(new CorrectedSettlement
        {
            Role = Role.Wrong, SettlementId = "0WRONG", ReplacedBy = "0RIGHT", DischargeDate = "2026-03-10", Text = "Settled again.",
                TextZh = "已重新结算。",
            Before = Paid(3_000_000, 0, 1_000_000), After = Paid(3_600_000, 0, 400_000), Difference = Paid(600_000, 0, -600_000),
                Refund = 600_000,
        });
        answer.Settlements.Add(new CorrectedSettlement
        {
            Role = Role.Later, SettlementId = "0LATER", ReplacedBy = "0AGAIN", DischargeDate = "2026-04-10", Text = "Settled again.",
                TextZh = "已重新结算。",
            Before = Paid(3_000_000, 0, 1_000_000), After = Paid(2_828_000, 0, 1_172_000), Difference = Paid(-172_000, 0, 172_000),
                Collect = 172_000,
            Notices = { "GRANT_WINDOW" },
        });
        return answer;
    }

    private static Payments Paid(long pooled, long seriousIllness, long person) =>
        new() { Total = pooled + seriousIllness + person, Pooled = pooled, SeriousIllness = seriousIllness, PersonPays = person };

    private Task<int> RunAsync(params string[] arguments) =>
        host.RunAsync(["correct", Examples.SettlementId, .. arguments, "--server", server.Address]);

    private static string Sample() => Path.Combine(AppContext.BaseDirectory, "samples", "settle.json");
}
