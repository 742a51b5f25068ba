using System.Diagnostics;
using System.Text.Json;
using Settlement.Contract;
using Settlement.Scenarios.Serving;

namespace Settlement.Scenarios.Checking;

/// <summary>What must hold after a run, asked of the product itself.</summary>
internal static class Invariants
{
    private const int AtOnce = 16;

    /// <summary>Every sampled settlement is known under its request id as the one acknowledged.</summary>
    /// <returns>What does not hold.</returns>
    public static async Task<IReadOnlyList<string>> AskAsync(Server server, Acknowledged acknowledged)
    {
        List<string> broken = [];
        await Parallel.ForEachAsync(
            acknowledged.Sample, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (known, cancellation) =>
        {
            GetByRequestRequest question = new() { RequestId = known.RequestId, Facility = known.Facility };
            GetByRequestResponse answer = await server.Settlement.GetByRequestAsync(
                question, server.Headers, cancellationToken: cancellation).ConfigureAwait(false);
            if (answer.State == GetByRequestResponse.Types.State.Settled && answer.Settled?.Result.SettlementId == known.SettlementId)
                return;
            lock (broken)
                broken.Add($"request {known.RequestId} was acknowledged as {known.SettlementId}, now it is {answer.State} {answer.Settled?.Result.SettlementId}".TrimEnd());
        }).ConfigureAwait(false);
        return broken;
    }

    /// <summary>
    /// The audit of the stopped server's ledger finds nothing, and counts exactly what was acknowledged: nothing lost, nothing twice,
    /// nothing of what was refused.
    /// </summary>
    /// <returns>What does not hold.</returns>
    public static async Task<IReadOnlyList<string>> AuditAsync(OwnLedger ledger, Acknowledged acknowledged)
    {
        using Process audit = Process.Start(new ProcessStartInfo("dotnet", [Surroundings.Cli, "audit", "--json", .. ledger.Arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = audit.StandardError.ReadToEndAsync();
        string output = await audit.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await audit.WaitForExitAsync().ConfigureAwait(false);
        if (!output.TrimStart().StartsWith('{')) return [$"the audit ended with {audit.ExitCode}: {await errors.ConfigureAwait(false)}"];
        using JsonDocument report = JsonDocument.Parse(output);
        JsonElement counts = report.RootElement.GetProperty("counts");
        List<string> broken = [];
        Same("settlements", acknowledged.Settlements);
        Same("reversals", acknowledged.Reversals);
        if (audit.ExitCode != 0) broken.Add($"the audit found violations: {report.RootElement.GetProperty("violations")}");
        return broken;

        void Same(string what, long expected)
        {
            long found = counts.GetProperty(what).GetInt64();
            if (found != expected) broken.Add($"{expected} {what} were acknowledged, the ledger holds {found}");
        }
    }
}
