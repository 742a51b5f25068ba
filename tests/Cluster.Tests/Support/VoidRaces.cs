using System.Globalization;
using Grpc.Core;
using Settlement.Contract;
using Settlement.Ledger;
using Xunit.Abstractions;
using State = Settlement.Contract.VoidResponse.Types.State;
using VoidRequest = Settlement.Contract.VoidRequest; // Orleans has one of its own

namespace Settlement.Cluster.Tests.Support;

/// <summary>
/// The same request settled and voided at once, again and again, with repeats of both: what is answered and what the ledger holds must
/// agree.
/// </summary>
internal sealed class VoidRaces(TestSilo settling, TestSilo voiding, ITestOutputHelper output)
{
    private const int Persons = 10;
    private const int Rounds = 5;

    public async Task RunAsync()
    {
        int seed = Environment.GetEnvironmentVariable("SETTLEMENT_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next(1_000_000);
        output.WriteLine($"seed {seed} (repeat with SETTLEMENT_SEED={seed})");
        State[] states = [
            .. (await Task.WhenAll(Enumerable.Range(0, Persons)
            .Select(person => Task.Run(() => PersonAsync($"R{person}", new Random(seed + person))))))
            .SelectMany(ended => ended)];
        output.WriteLine(
            $"{states.Count(state => state == State.NeverSettles)} never settle, {states.Count(state => state == State.Reversed)} were reversed");
        Assert.True(states.Distinct().Count() == 2, "one side always came first: the races show nothing");
    }

    private async Task<List<State>> PersonAsync(string person, Random random)
    {
        // Some are registered while it goes on: a void may be the first that the ledger knows of a person.
        if (random.Next(2) == 0) await settling.Enrolment.RegisterAsync(Requests.Register(person));
        List<State> ended = [];
        for (int round = 0; round < Rounds; round++)
        {
            if (round == 1) await settling.Enrolment.RegisterAsync(Requests.Register(person));
            SettleRequest request = Requests.Settle(person, $"{person}-{round}", Requests.Inpatient(random.Next(1, 3_000_000)));
            VoidRequest end = new() { RequestId = request.RequestId, Person = person, Facility = request.Claim.Facility.Code };
            TimeSpan[] delays = [.. Enumerable.Range(0, 4).Select(_ => TimeSpan.FromMilliseconds(random.Next(6)))];
            Task<string>[] settles = [SettleAsync(request, delays[0]), SettleAsync(request, delays[1])];
            VoidResponse[] voids = await Task.WhenAll(VoidAsync(end, delays[2]), VoidAsync(end, delays[3]));
            string[] settled = await Task.WhenAll(settles);
            Assert.Equal(voids[0], voids[1]);
            ended.Add(await CheckAsync(person, request, voids[0], settled));
        }

        Assert.Empty((await voiding.Settlement.GetAccountAsync(new GetAccountRequest { Person = person })).Counters);
        return ended;
    }

    private async Task<State> CheckAsync(string person, SettleRequest request, VoidResponse ended, string[] settled)
    {
        string late = await SettleAsync(request, TimeSpan.Zero);
        LedgerEntry entry = (
            await settling.Ledger.ReadByRequestAsync(LedgerKey.ForRequest(request.Claim.Facility.Code, request.RequestId)))!;
        if (ended.State == State.NeverSettles)
        {
            Assert.Equal(LedgerEntryKind.Void, entry.Kind);
            Assert.All(settled, outcome => Assert.True(outcome is "REQUEST_VOIDED" or "PERSON_NOT_REGISTERED", outcome));
            Assert.Equal("REQUEST_VOIDED", late);
        }
        else
        {
            Assert.Equal(LedgerEntryKind.Settlement, entry.Kind);
            Assert.Equal(
                ended.Reversal.ReversalId, (await settling.Ledger.ReadReversalOfAsync(person, entry.Sequence))!.RequestKey.ToString());
            Assert.All(settled.Append(late), outcome => Assert.Equal(ended.Reversal.SettlementId, outcome));
        }

        return ended.State;
    }

    /// <summary>The settlement's id, or why not.</summary>
    private async Task<string> SettleAsync(SettleRequest request, TimeSpan delay)
    {
        await Task.Delay(delay);
        try
        {
            return (await settling.Settlement.SettleAsync(request)).Result.SettlementId;
        }
        catch (RpcException refused)
        {
            return refused.GetRpcStatus()!.GetDetail<Google.Rpc.ErrorInfo>()!.Reason;
        }
    }

    private async Task<VoidResponse> VoidAsync(VoidRequest request, TimeSpan delay)
    {
        await Task.Delay(delay);
        return await voiding.Settlement.VoidAsync(request);
    }
}
