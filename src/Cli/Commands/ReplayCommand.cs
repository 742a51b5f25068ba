using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Cli.Replay;
using Settlement.Cli.Serving;
using Settlement.Cli.Text;
using Settlement.Ledger;
using Settlement.Policy;

namespace Settlement.Cli.Commands;

/// <summary><c>replay</c>: what a changed pack would have paid; reads the ledger itself, no server needed.</summary>
internal static class ReplayCommand
{
    private const string DateFormat = "yyyy-MM-dd";

    public static Command Create(CliHost host)
    {
        Option<string> pack = new("--pack") { Description = "Folder of the changed pack.", HelpName = "DIR", Required = true };
        Option<string> from = new("--from")
        {
            Description = "First day of the change: discharges and applications from then on are decided again.",
            HelpName = DateFormat,
            Required = true,
        };
        from.Validators.Add(result =>
        {
            if (result.Tokens is [{ } token] && !TryParse(token.Value, out _))
                result.AddError($"--from '{token.Value}' is no date: {DateFormat}");
        });
        Command command = new(
            "replay", "Decide the ledger again under a changed pack and show who would pay what, and who gains or loses. Writes nothing.")
        {
            pack, from,
        };
        LedgerPlace place = LedgerPlace.AddTo(command);
        Option<bool> json = new("--json") { Description = "Print the report as JSON, amounts in fen." };
        Option<string?> svg = new("--svg") { Description = "Draw the differences into this file too.", HelpName = "FILE" };
        command.Add(json);
        command.Add(svg);
        command.SetAction(async (parsed, cancellation) =>
        {
            Pack changed = Load(parsed.GetValue(pack)!);
            _ = TryParse(parsed.GetValue(from)!, out DateOnly day); // checked by the option already
            ReplayOutput output = await RunAsync(place.ExistingLedger(parsed, host), changed, day, host, cancellation);
            if (parsed.GetValue(svg) is { } drawing) Write(drawing, output.DrawSvg());
            if (parsed.GetValue(json)) output.WriteJson(host.Out);
            else output.WriteText(host.Out);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<ReplayOutput> RunAsync(
        LedgerOptions options, Pack changed, DateOnly from, CliHost host, CancellationToken cancellation)
    {
        Progress progress = new(host);
        try
        {
            await using ILedgerStore store = LedgerStore.Create(options, NullLoggerFactory.Instance);
            await store.InitialiseAsync(cancellation);
            ReplayReport report = await new LedgerReplay(store, changed, from)
                .RunAsync(read => progress.Report("entries read", read), cancellation);
            return new ReplayOutput(report, store.Description, changed, from);
        }
        catch (LedgerException error)
        {
            throw new CliException(ExitCode.Environment, $"the ledger cannot be read: {error.Message}", error);
        }
        catch (ReplayException error)
        {
            throw new CliException(ExitCode.Environment, $"the ledger cannot be replayed: {error.Message}; run audit", error);
        }
        finally
        {
            progress.End();
        }
    }

    private static Pack Load(string folder)
    {
        try
        {
            return Pack.Load(folder);
        }
        catch (InvalidPackException error)
        {
            throw new CliException(ExitCode.Usage, error.Message, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"--pack {folder}: {error.Message}", error);
        }
    }

    private static void Write(string file, string text)
    {
        try
        {
            File.WriteAllText(file, text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Environment, $"--svg {file}: {error.Message}", error);
        }
    }

    private static bool TryParse(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
