using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Cli.Auditing;
using Settlement.Cli.Serving;
using Settlement.Cli.Text;
using Settlement.Ledger;

namespace Settlement.Cli.Commands;

/// <summary><c>audit</c>: reads the ledger itself, no server needed.</summary>
internal static class AuditCommand
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create(CliHost host)
    {
        Command command = new(
            "audit", "Read the whole ledger again and compute every settlement anew with the pack of its time. Needs no server.");
        LedgerPlace place = LedgerPlace.AddTo(command);
        Option<bool> json = new("--json") { Description = "Print counts and violations as JSON." };
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            LedgerOptions options = place.ExistingLedger(parsed, host);
            try
            {
                await using ILedgerStore store = LedgerStore.Create(options, NullLoggerFactory.Instance);
                await store.InitialiseAsync(cancellation);
                return await RunAsync(store, parsed.GetValue(json), host, cancellation);
            }
            catch (LedgerException error)
            {
                throw new CliException(ExitCode.Environment, $"the ledger cannot be read: {error.Message}", error);
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(ILedgerStore store, bool json, CliHost host, CancellationToken cancellation)
    {
        List<Violation> violations = [];
        Progress progress = new(host);
        AuditCounts counts = await new LedgerAudit(store, new PolicyRecomputation(store)).RunAsync(
            violation =>
            {
                if (json) violations.Add(violation);
                else host.Out.WriteLine($"{violation.Kind}: person {violation.Person}, entry {violation.Sequence}: {violation.Detail}");
            },
            counted => progress.Report("entries checked", counted.Entries),
            cancellation);
        progress.End();

        if (json)
        {
            host.Out.WriteLine(JsonSerializer.Serialize(new
            {
                Ledger = store.Description,
                Counts = counts,
                Violations = violations.Select(
                    violation => new { Kind = $"{violation.Kind}", violation.Person, violation.Sequence, violation.Detail }),
            }, Indented));
        }
        else
        {
            host.Out.WriteLine($"{store.Description}: {Show.Count(counts.Persons)} persons, {Show.Count(counts.Entries)} entries "
                + $"({Show.Count(counts.Settlements)} settlements, {Show.Count(counts.Reversals)} reversals): "
                + (counts.PersonsWithDetachedPart == 0
                    ? ""
                    : $"{Show.Count(counts.PersonsWithDetachedPart)} persons from the entry carried forward, "
                    + $"{Show.Count(counts.NotRecomputed)} entries not computed anew since they lean on a detached period: ")
                + (counts.Violations == 0 ? "no violation" : $"{Show.Count(counts.Violations)} violations"));
        }

        return counts.Violations == 0 ? ExitCode.Ok : ExitCode.Refused;
    }
}
