using System.Diagnostics;
using System.Threading.Channels;
using Grpc.Core;
using Settlement.Cli.Client;
using Settlement.Cli.Commands;
using Settlement.Cli.Statements;
using Settlement.Cli.Text;
using Settlement.Contract;

namespace Settlement.Cli.Sample;

/// <summary>Plays a sample against a running server: persons, discharges from all hospitals at once, one statement, totals.</summary>
internal sealed class SampleRun(Connection connection, CliHost host)
{
    private const int Seed = 20250101;
    private const int PersonCount = 200;
    private const int StaysEach = 10;

    // Requests which a hospital has under way at once.
    private const int Lanes = 4;
    private readonly SampleTotals totals = new();
    private readonly Progress progress = new(host);

    /// <summary>Runs the sample.</summary>
    /// <exception cref="CliException">A call failed, or an answer breaks the identity.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        SampleWorld world = new(Seed, PersonCount, StaysEach);
        host.Error.WriteLine($"sample: seed {Seed}, {world.Persons.Count} persons, {Show.Count(world.Discharges.Count)} discharges, "
            + $"{SampleWorld.Hospitals.Count} hospitals with {Lanes} requests under way each");
        Dictionary<string, long> known = await RegisterAsync(world.Persons, cancellation);

        Stopwatch clock = Stopwatch.StartNew();
        await Task.WhenAll(world.Discharges.GroupBy(discharge => discharge.Claim.Facility.Code)
            .Select(hospital => SettleAllAsync([.. hospital], known, world.Discharges.Count, cancellation)));
        clock.Stop();
        progress.End();

        await ShowOneStatementAsync(cancellation);
        totals.Write(host.Out, clock.Elapsed);
        if (totals.Refused.Count > 0)
            throw new CliException(
                ExitCode.Refused, $"the sample holds no refusable discharge, yet: {string.Join("; ", totals.Refused.Take(3))}");
    }

    // Where each person's ledger stood before the run tells which answers are repeated ones.
    private async Task<Dictionary<string, long>> RegisterAsync(IReadOnlyList<RegisterRequest> persons, CancellationToken cancellation)
    {
        Dictionary<string, long> before = [];
        await Parallel.ForEachAsync(persons, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellation },
            async (person, token) =>
            {
                await connection.MoveAsync(options => connection.Enrolment.RegisterAsync(person, options), token);
                GetAccountRequest request = new() { Person = person.Person };
                GetAccountResponse account = await connection.AskAsync(
                    options => connection.Settlement.GetAccountAsync(request, options), token);
                lock (before)
                {
                    before.Add(person.Person, account.Sequence);
                    progress.Report("persons registered", before.Count, persons.Count);
                }
            });
        progress.End();
        return before;
    }

    private async Task SettleAllAsync(
        SettleRequest[] discharges, Dictionary<string, long> known, int all, CancellationToken cancellation)
    {
        Channel<SettleRequest> queue = Channel.CreateBounded<SettleRequest>(discharges.Length);
        foreach (SettleRequest discharge in discharges) queue.Writer.TryWrite(discharge);
        queue.Writer.Complete();
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async _ =>
        {
            await foreach (SettleRequest request in queue.Reader.ReadAllAsync(cancellation))
            {
                long sent = Stopwatch.GetTimestamp();
                try
                {
                    SettleResponse response = await connection.Settlement.SettleAsync(request, connection.Options(cancellation));
                    totals.Add(request.Claim.Facility, response.Result, Stopwatch.GetElapsedTime(sent),
                        response.Result.Sequence <= known[request.Person]);
                }
                catch (RpcException error) when (Outcome.Of(error) is { Kind: OutcomeKind.Refused } refusal)
                {
                    totals.AddRefusal($"{request.RequestId}: {refusal.Describe()}");
                }
                catch (RpcException error)
                {
                    throw Outcome.Of(error).ToException(connection, ExitCode.Unknown);
                }

                progress.Report("discharges settled", totals.Answered, all);
            }
        }));
    }

    private async Task ShowOneStatementAsync(CancellationToken cancellation)
    {
        if (totals.Telling is not { } telling) return;
        SettlementView view = await StatementCommand.FetchAsync(connection, telling.SettlementId, "zh", cancellation);
        await StatementCommand.PrintAsync(connection, view, Words.Of("zh"), host.Out, cancellation);
        host.Out.WriteLine($"In English: ./settlement statement {telling.SettlementId} --language en");
        host.Out.WriteLine();
    }
}
