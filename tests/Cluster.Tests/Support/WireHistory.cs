using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Settlement.Cli.Cases;
using Settlement.Contract;
using Settlement.Policy;
using Settlement.Tests.Histories;

namespace Settlement.Cluster.Tests.Support;

/// <summary>
/// Takes the acts of a history with a person of a silo, over the wire, beside the same person on the rules alone: what the one accepts or
/// refuses, so does the other.
/// </summary>
internal sealed class WireHistory(TestSilo silo, Agency.AgencyClient agency, string person, PersonRun rules)
{
    private readonly Dictionary<long, string> ids = [];
    private int requests;

    /// <summary>The silo is asked what the rules are asked; refusals and amounts are compared.</summary>
    public async Task TakeAsync(Act act)
    {
        Entry? meant = act switch
        {
            ReverseAct reverse => rules.Meant(reverse),
            AssistLaterAct later => rules.Meant(later),
            _ => null,
        };
        string asked = act is ReverseAct asking && meant is not null ? PersonRun.AskedBy(asking, meant) : "";
        Taken taken = rules.Take(act);
        Policy.Refusal? refusal = taken.Refusal ?? taken.Quoted as Policy.Refusal;
        string request = $"{person}-{++requests}";
        try
        {
            await SendAsync(act, request, meant is null ? $"none-{request}" : ids[meant.Sequence], asked, taken);
            Assert.True(refusal is null, $"the silo took what the rules refuse with {refusal?.Code.Text()}: {act}");
        }
        catch (RpcException error) when (error.GetRpcStatus()?.GetDetail<ErrorInfo>() is { } info)
        {
            Assert.Equal(refusal?.Code.Text() ?? $"accepted: {act}", info.Reason);
        }
    }

    /// <summary>The first entry: the person with the facts of the history.</summary>
    public async Task RegisterAsync(History history)
    {
        RegisterRequest request = new()
        {
            RequestId = $"{person}-0",
            Person = person,
            Region = WireClaim.Division(history.Region),
            BirthDate = WireClaim.Day(history.Person.OfType<BirthFact>().Single().BirthDate),
        };
        request.Facts.AddRange(history.Person.Where(fact => fact is not BirthFact).Select(WireFact.Of));
        await silo.Enrolment.RegisterAsync(request);
    }

    private async Task SendAsync(Act act, string request, string settlement, string asked, Taken taken)
    {
        switch (act)
        {
            case SettleAct settle:
                // A quote just before says what the settlement then says, byte for byte but for ids and time.
                SettlementResult? quoted = taken.Entry is null ? null : await QuoteAsync(settle.Claim);
                SettleResponse settled = await silo.Settlement.SettleAsync(Requests.Settle(person, request, WireClaim.Of(settle.Claim)));
                ids[settled.Result.Sequence] = settled.Result.SettlementId;
                AssertAmounts(taken.Entry!.Amounts, settled.Result);
                Assert.Equal(WithoutIds(quoted!), WithoutIds(settled.Result));
                break;
            case QuoteAct quote:
                SettlementResult result = await QuoteAsync(quote.Claim);
                AssertAmounts(Assert.IsType<Adjudication>(taken.Quoted).Amounts, result);
                break;
            case RecordAct record:
                RecordRequest recorded = new() { RequestId = request, Person = person, Region = WireClaim.Division(rules.Region) };
                recorded.Facts.Add(WireFact.Of(record.Fact));
                await silo.Enrolment.RecordAsync(recorded);
                break;
            case ReverseAct:
                await silo.Settlement.ReverseAsync(
                    new ReverseRequest { RequestId = request, Person = person, SettlementId = settlement,
                        Facility = asked == Reversals.Agency ? "" : asked });
                break;
            case AssistLaterAct:
                AssistLaterResponse later = await agency.AssistLaterAsync(
                    new AssistLaterRequest { RequestId = request, Person = person, SettlementId = settlement });
                ids[taken.Entry!.Sequence] = later.AssistanceId;
                Amounts amounts = taken.Entry.Amounts;
                Assert.Equal(
                    (amounts.AssistanceBasic, amounts.AssistanceTilt, amounts.AssistanceOther, amounts.PersonPays),
                    (later.AssistanceBasic, later.AssistanceTilt, later.AssistanceOther, later.PersonPays));
                break;
            case GrantAct grant:
                GrantForIllnessResponse granted = await agency.GrantForIllnessAsync(new GrantForIllnessRequest
                {
                    RequestId = request,
                    Person = person,
                    Region = WireClaim.Division(rules.Region),
                    ApplicationDate = WireClaim.Day(grant.AppliedOn),
                });
                Assert.Equal((taken.Entry!.Grant!.Grant.Basic, taken.Entry.Grant.Grant.Tilt), (granted.GrantBasic, granted.GrantTilt));
                break;
        }
    }

    private async Task<SettlementResult> QuoteAsync(Policy.Claim claim) =>
        (await silo.Settlement.QuoteAsync(new QuoteRequest { Person = person, Claim = WireClaim.Of(claim) })).Result;

    private static void AssertAmounts(Amounts expected, SettlementResult result)
    {
        Assert.Equal(
            (expected.Total, expected.Pooled, expected.SeriousIllness, expected.AssistanceBasic, expected.AssistanceTilt,
                expected.AssistanceOutpatient, expected.AssistanceOther, expected.PersonPays),
            (result.Totals.Total, result.Pooled, result.SeriousIllness, result.AssistanceBasic, result.AssistanceTilt,
                result.AssistanceOutpatient, result.AssistanceOther, result.PersonPays));
        Assert.Equal(expected.Total, result.Matrix.Sum(row => row.Amount));
        Assert.Equal(expected.PersonPays, result.Matrix.Sum(row => row.Person));
    }

    private static ByteString WithoutIds(SettlementResult result)
    {
        SettlementResult bare = result.Clone();
        (bare.SettlementId, bare.RequestId, bare.Person, bare.VisitId, bare.ChargeBatch, bare.SettledAt, bare.Sequence) = (
            "", "", "", "", "", "", 0);
        return bare.ToByteString();
    }
}
