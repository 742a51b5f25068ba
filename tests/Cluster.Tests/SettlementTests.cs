using Google.Protobuf;
using Grpc.Core;
using Settlement.Cluster.Tests.Support;
using Settlement.Contract;

namespace Settlement.Cluster.Tests;

/// <summary>One settlement from the wire to the ledger and back, and what repeats, refusals and reversals do to it.</summary>
public abstract class SettlementTests(Func<Task<string[]>> ledger) : IAsyncLifetime
{
    private TestSilo silo = null!;
    private string[] settings = [];

    public async Task InitializeAsync()
    {
        settings = [.. await ledger(), "Gateway:Insecure=true"];
        silo = await TestSilo.StartAsync(settings);
    }

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Fact]
    public async Task A_discharge_is_settled_explained_and_durable()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));

        SettlementResult result = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)))).Result;

        // Level 3, adult: deductible 600 yuan, 75 % of the rest (shenyang-resident-guide-2026).
        Assert.Equal(60_000, result.DeductiblePaid);
        Assert.Equal(2_955_000, result.Pooled);
        Assert.Equal(1_045_000, result.PersonPays);
        Assert.Equal(2, result.Sequence);
        Assert.Equal(result.Totals.Total, result.Matrix.Sum(row => row.Amount));
        Assert.Equal(result.Pooled, result.Matrix.Sum(row => row.Pooled));
        Assert.Equal(result.PersonPays, result.Matrix.Sum(row => row.Person));
        Assert.All(result.Matrix, row => Assert.Equal(
            row.Amount,
            row.Pooled + row.SeriousIllness + row.AssistanceBasic + row.AssistanceTilt + row.AssistanceOutpatient + row.AssistanceOther
                + row.Person));
        SettlementView view = await silo.Settlement.GetSettlementAsync(new GetSettlementRequest { SettlementId = result.SettlementId });
        Assert.Equal(result, view.Result);
        Assert.Equal("H210100001", view.Claim.Facility.Code);
    }

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task Every_step_is_told_with_its_citation_where_a_language_is_asked_for(string language)
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        SettlementResult result = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)))).Result;

        SettlementView view = await silo.Settlement.GetSettlementAsync(
            new GetSettlementRequest { SettlementId = result.SettlementId, Language = language });

        Assert.All(view.Result.Steps, step => Assert.NotEmpty(step.Text));
        Assert.All(view.Result.Steps.Where(step => step.Parameter.Length > 0), step => Assert.NotEmpty(step.Citation));
    }

    [Fact]
    public async Task A_quote_gives_the_figures_of_the_settlement_and_moves_nothing()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        Claim claim = Requests.Inpatient(4_000_000);

        SettlementResult quoted = (await silo.Settlement.QuoteAsync(new QuoteRequest { Person = "P1", Claim = claim })).Result;
        GetAccountResponse account = await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" });
        SettlementResult settled = (await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", claim))).Result;

        Assert.Empty(account.Counters);
        Assert.Equal(1, account.Sequence);
        Assert.Equal("", quoted.SettlementId);
        Assert.Equal((settled.Pooled, settled.PersonPays), (quoted.Pooled, quoted.PersonPays));
        Assert.Equal(settled.Steps, quoted.Steps);
    }

    [Fact]
    public async Task The_same_request_gets_the_first_answer_byte_for_byte_even_after_its_reversal()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        SettleRequest request = Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000));

        SettleResponse first = await silo.Settlement.SettleAsync(request);
        SettleResponse second = await silo.Settlement.SettleAsync(request);
        await silo.Settlement.ReverseAsync(new ReverseRequest { RequestId = "x1", SettlementId = first.Result.SettlementId });
        SettleResponse third = await silo.Settlement.SettleAsync(request);

        Assert.Equal(first.ToByteString(), second.ToByteString());
        Assert.Equal(first.ToByteString(), third.ToByteString());
        Assert.Empty((await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" })).Counters);
    }

    [Fact]
    public async Task The_same_request_id_with_other_content_is_refused_and_moves_nothing()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        await silo.Enrolment.RegisterAsync(Requests.Register("P2"));
        await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)));

        await Refused.With("REQUEST_CONFLICT", StatusCode.AlreadyExists, silo.Settlement.SettleAsync(
            Requests.Settle("P1", "r1", Requests.Inpatient(4_000_001))));
        await Refused.With("REQUEST_CONFLICT", StatusCode.AlreadyExists, silo.Settlement.SettleAsync(
            Requests.Settle("P2", "r1", Requests.Inpatient(4_000_000))));

        Assert.Equal(2, (await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" })).Sequence);
        Assert.Equal(1, (await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P2" })).Sequence);
    }

    [Fact]
    public async Task A_charge_settled_under_another_request_id_gives_the_first_result_and_names_the_first_id()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        SettleRequest request = Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000));
        SettleResponse first = await silo.Settlement.SettleAsync(request);

        SettleRequest retry = request.Clone();
        retry.RequestId = "r2";
        SettleResponse second = await silo.Settlement.SettleAsync(retry);

        Assert.Equal(first.Result, second.Result);
        Assert.Equal("CHARGE_ALREADY_SETTLED", second.AlreadySettled.Code);
        Assert.Equal("r1", second.AlreadySettled.FirstRequestId);
        Assert.Equal(2, (await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" })).Sequence);
    }

    [Fact]
    public async Task A_reversed_charge_may_be_settled_again()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        SettleRequest request = Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000));

        for (int round = 0; round < 3; round++)
        {
            request.RequestId = $"r{round}";
            SettleResponse settled = await silo.Settlement.SettleAsync(request);
            Assert.Null(settled.AlreadySettled);
            Assert.Equal(request.RequestId, settled.Result.RequestId);
            await silo.Settlement.ReverseAsync(new ReverseRequest { RequestId = $"x{round}", SettlementId = settled.Result.SettlementId });
        }
    }

    [Fact]
    public async Task The_charge_of_another_person_is_refused()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        await silo.Enrolment.RegisterAsync(Requests.Register("P2"));
        SettleRequest request = Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000));
        await silo.Settlement.SettleAsync(request);

        SettleRequest other = request.Clone();
        (other.RequestId, other.Person) = ("r2", "P2");
        await Refused.With("CHARGE_CONFLICT", StatusCode.AlreadyExists, silo.Settlement.SettleAsync(other));
    }

    [Fact]
    public async Task A_refused_request_leaves_nothing_behind_and_its_id_may_be_sent_again()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        Claim claim = Requests.Inpatient(4_000_000);
        claim.Totals.InScope = 1;

        await Refused.With(
            "TOTALS_DO_NOT_ADD_UP", StatusCode.InvalidArgument, silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", claim)));
        GetByRequestResponse known = await silo.Settlement.GetByRequestAsync(
            new GetByRequestRequest { RequestId = "r1", Facility = "H210100001", Person = "P1" });
        claim.Totals.InScope = claim.Totals.Total;
        SettleResponse settled = await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", claim));

        Assert.Equal(GetByRequestResponse.Types.State.NotKnown, known.State);
        Assert.Equal(2_955_000, settled.Result.Pooled);
    }

    [Fact]
    public async Task A_reversal_takes_every_counter_back_newest_first_and_only_once()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        SettleResponse first = await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)));
        GetAccountResponse afterFirst = await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" });
        SettleResponse second = await silo.Settlement.SettleAsync(Requests.Settle("P1", "r2", Requests.Inpatient(9_000_000)));
        ReverseRequest reverseFirst = new() { RequestId = "x1", SettlementId = first.Result.SettlementId, Facility = "H210100001" };
        ReverseRequest reverseSecond = new() { RequestId = "x2", SettlementId = second.Result.SettlementId, Facility = "H210100001" };

        Google.Rpc.ErrorInfo blocked = await Refused.With(
            "NOT_LATEST", StatusCode.FailedPrecondition, silo.Settlement.ReverseAsync(reverseFirst));
        Assert.Equal(second.Result.SettlementId, blocked.Metadata["blockedBy"]);
        ReverseRequest stranger = new() { RequestId = "x3", SettlementId = second.Result.SettlementId, Facility = "H210100002" };
        await Refused.With("NOT_ALLOWED", StatusCode.PermissionDenied, silo.Settlement.ReverseAsync(stranger));

        ReverseResponse reversed = await silo.Settlement.ReverseAsync(reverseSecond);
        Assert.Equal(second.Result, reversed.Reversed);
        Assert.Equal(
            afterFirst.Counters, (await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" })).Counters);
        Assert.Equal(reversed, await silo.Settlement.ReverseAsync(reverseSecond));
        reverseSecond.RequestId = "x4";
        await Refused.With("ALREADY_REVERSED", StatusCode.FailedPrecondition, silo.Settlement.ReverseAsync(reverseSecond));

        SettlementView view = await silo.Settlement.GetSettlementAsync(
            new GetSettlementRequest { SettlementId = second.Result.SettlementId });
        Assert.Equal(reversed.ReversalId, view.ReversalId);
        await silo.Settlement.ReverseAsync(reverseFirst);
        Assert.Empty((await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" })).Counters);
    }

    [Fact]
    public async Task An_unknown_person_settlement_or_request_is_said_to_be_unknown()
    {
        await Refused.With("PERSON_NOT_REGISTERED", StatusCode.NotFound, silo.Settlement.SettleAsync(
            Requests.Settle("P9", "r1", Requests.Inpatient(4_000_000))));
        await Refused.With("PERSON_NOT_REGISTERED", StatusCode.NotFound, silo.Settlement.QuoteAsync(
            new QuoteRequest { Person = "P9", Claim = Requests.Inpatient(4_000_000) }));
        await Refused.With("NOT_FOUND", StatusCode.NotFound, silo.Settlement.GetSettlementAsync(
            new GetSettlementRequest { SettlementId = "0123456789ABCDEFGHJKMNPQRS" }));
        await Refused.With("NOT_FOUND", StatusCode.NotFound, silo.Settlement.ReverseAsync(
            new ReverseRequest { RequestId = "x1", SettlementId = "nonsense", Person = "P9" }));
    }

    [Fact]
    public async Task A_request_can_be_asked_after_by_its_id()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        SettleResponse settled = await silo.Settlement.SettleAsync(Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000)));
        GetByRequestRequest ask = new() { RequestId = "r1", Facility = "H210100001" };

        GetByRequestResponse before = await silo.Settlement.GetByRequestAsync(ask);
        ReverseResponse reversed = await silo.Settlement.ReverseAsync(
            new ReverseRequest { RequestId = "x1", SettlementId = settled.Result.SettlementId, Facility = "H210100001" });
        GetByRequestResponse after = await silo.Settlement.GetByRequestAsync(ask);
        GetByRequestResponse ofReversal = await silo.Settlement.GetByRequestAsync(
            new GetByRequestRequest { RequestId = "x1", Facility = "H210100001", Person = "P1" });

        Assert.Equal(GetByRequestResponse.Types.State.Settled, before.State);
        Assert.Equal(settled, before.Settled);
        Assert.False(before.ReversedSince);
        Assert.Equal(settled, after.Settled);
        Assert.True(after.ReversedSince);
        Assert.Equal(reversed, ofReversal.Reversed);

        GetByRequestResponse ofRegistration = await silo.Settlement.GetByRequestAsync(new GetByRequestRequest { RequestId = "reg-P1" });
        Assert.Equal(1, ofRegistration.Recorded.Sequence);
    }

    [Fact]
    public async Task Settlements_are_listed_newest_first_page_by_page()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        for (int i = 1; i <= 5; i++)
            await silo.Settlement.SettleAsync(Requests.Settle("P1", $"r{i}", Requests.Inpatient(100_000 * i, $"H21010000{i % 2}")));

        List<string> seen = [];
        string page = "";
        do
        {
            ListSettlementsResponse answer = await silo.Settlement.ListSettlementsAsync(
                new ListSettlementsRequest { Person = "P1", PageSize = 2, PageToken = page });
            Assert.True(answer.Settlements.Count <= 2);
            seen.AddRange(answer.Settlements.Select(view => view.Result.RequestId));
            page = answer.NextPageToken;
        }
        while (page.Length > 0);
        ListSettlementsResponse ofOne = await silo.Settlement.ListSettlementsAsync(
            new ListSettlementsRequest { Person = "P1", Facility = "H210100000" });

        Assert.Equal(["r5", "r4", "r3", "r2", "r1"], seen);
        Assert.Equal(["r4", "r2"], ofOne.Settlements.Select(view => view.Result.RequestId));
    }

    [Fact]
    public async Task A_bulk_stream_answers_every_request_by_its_id_and_a_refusal_ends_only_itself()
    {
        for (int person = 0; person < 10; person++) await silo.Enrolment.RegisterAsync(Requests.Register($"P{person}"));
        using AsyncDuplexStreamingCall<SettleRequest, SettleManyResponse> call = silo.Settlement.SettleMany();

        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                Claim claim = Requests.Inpatient(200_000 + i);
                if (i % 100 == 99) claim.Totals.InScope = 1;
                await call.RequestStream.WriteAsync(Requests.Settle($"P{i % 10}", $"r{i}", claim));
            }

            await call.RequestStream.CompleteAsync();
        });
        Dictionary<string, SettleManyResponse> answers = [];
        await foreach (SettleManyResponse answer in call.ResponseStream.ReadAllAsync()) answers.Add(answer.RequestId, answer);
        await sending;

        Assert.Equal(500, answers.Count);
        Assert.Equal(5, answers.Values.Count(answer => answer.Refusal?.Code == "TOTALS_DO_NOT_ADD_UP"));
        Assert.Equal(495, answers.Values.Count(answer => answer.Settled is not null));
    }

    [Fact]
    public async Task Everything_is_as_it_was_after_a_restart()
    {
        await silo.Enrolment.RegisterAsync(Requests.Register("P1"));
        SettleRequest request = Requests.Settle("P1", "r1", Requests.Inpatient(4_000_000));
        SettleResponse first = await silo.Settlement.SettleAsync(request);
        GetAccountResponse account = await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" });

        await silo.DisposeAsync();
        silo = await TestSilo.StartAsync(settings);

        Assert.Equal(account, await silo.Settlement.GetAccountAsync(new GetAccountRequest { Person = "P1" }));
        Assert.Equal(first.ToByteString(), (await silo.Settlement.SettleAsync(request)).ToByteString());
    }
}
