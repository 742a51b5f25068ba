using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Cli.Serving;
using Settlement.Cli.Text;
using Settlement.Ledger;

namespace Settlement.Cli.Commands;

/// <summary><c>ledger</c>: the periods of a ledger in PostgreSQL. Works on the database itself; servers may run on.</summary>
internal static class LedgerCommand
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create(CliHost host) =>
        new("ledger", "Close periods of a ledger in PostgreSQL and take old ones off. Needs no server; servers may run on.")
    {
        Periods(host),
        Change(host, "turn", "Close the open period for good under this label, such as 2026, and open the next.",
            static (periods, label, cancellation) => periods.TurnAsync(label, cancellation),
            static period => $"period {period.Label} is closed; its entries are in {period.Table}"),
        Change(host, "detach", "Take the oldest closed period off the ledger; its table stays, to be dumped.",
            static (periods, label, cancellation) => periods.DetachAsync(label, cancellation),
            static period =>
                $"period {period.Label} is detached: {Show.Count(period.Detached!.Entries)} entries of {Show.Count(period.Detached.Persons)} persons "
                + $"are in {period.Table} alone; dump it before you drop it"),
        Change(host, "attach", "Put the newest detached period back, after checking its table against the record.",
            static (periods, label, cancellation) => periods.AttachAsync(label, cancellation),
            static period => $"period {period.Label} is attached"),
    };

    private static Command Periods(CliHost host)
    {
        Option<bool> json = new("--json") { Description = "Print JSON." };
        Command command = new("periods", "List the periods.") { json };
        LedgerPlace place = LedgerPlace.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(place, parsed, host, async periods =>
        {
            IReadOnlyList<LedgerPeriod> list = await periods.ListAsync(cancellation);
            if (parsed.GetValue(json))
            {
                host.Out.WriteLine(JsonSerializer.Serialize(
                    list.Select(period => new
                    {
                        period.Number,
                        period.Label,
                        State = State(period),
                        period.Table,
                        period.OpenedAt,
                        period.ClosedAt,
                        period.Bytes,
                        period.Detached?.Entries,
                    }), Indented));
                return;
            }

            Table table = new("period", "state", "table", "opened", "closed", "megabytes");
            foreach (LedgerPeriod period in list)
                table.Row(period.Label
                    ?? "", State(period), period.Table, Time(period.OpenedAt), Time(period.ClosedAt), Show.Count(period.Bytes >> 20));
            table.Write(host.Out);
        }));
        return command;
    }

    private static Command Change(
        CliHost host,
        string name,
        string description,
        Func<ILedgerPeriods, string, CancellationToken, Task<LedgerPeriod>> change,
        Func<LedgerPeriod, string> done)
    {
        Argument<string> label = new("PERIOD")
        {
            Description = "Label of the period: 1 to 30 letters, digits, dots, hyphens or underscores.",
        };
        Command command = new(name, description) { label };
        LedgerPlace place = LedgerPlace.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(place, parsed, host, async periods =>
            host.Out.WriteLine(done(await change(periods, parsed.GetValue(label)!, cancellation)))));
        return command;
    }

    private static async Task<int> RunAsync(LedgerPlace place, ParseResult parsed, CliHost host, Func<ILedgerPeriods, Task> run)
    {
        LedgerOptions options = place.ExistingLedger(parsed, host);
        try
        {
            await using ILedgerStore store = LedgerStore.Create(options, NullLoggerFactory.Instance);
            if (store.Periods is not { } periods)
                throw new CliException(
                    ExitCode.Usage, "a ledger in SQLite is one file and has no periods: give --ledger postgres and --connection");
            await store.InitialiseAsync();
            await run(periods);
            return ExitCode.Ok;
        }
        catch (LedgerUnavailableException error)
        {
            throw new CliException(
                ExitCode.Environment, $"{error.Message}; what was asked may have been done: look with 'ledger periods'", error);
        }
        catch (LedgerConfigurationException error)
        {
            throw new CliException(ExitCode.Environment, error.Message, error);
        }
        catch (LedgerException error)
        {
            throw new CliException(ExitCode.Refused, error.Message, error);
        }
    }

    private static string State(LedgerPeriod period) => period switch
    {
        { Detached: not null, Bytes: 0 } => "detached, not in this database",
        { Detached: not null } => "detached",
        { ClosedAt: not null } => "closed",
        _ => "open",
    };

    private static string Time(DateTimeOffset? time) =>
        time is { } at ? at.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "";
}
