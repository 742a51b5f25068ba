using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Settlement.Cli.Exporting;
using Settlement.Cli.Serving;
using Settlement.Cli.Text;
using Settlement.Contract;
using Settlement.Ledger;

namespace Settlement.Cli.Commands;

/// <summary>
/// <c>export</c>: the ledger, or its settlements, as a file with a manifest. Reads the ledger itself, as <c>audit</c> does.
/// </summary>
internal static class ExportCommand
{
    public static Command Create(CliHost host) =>
        new("export", "Write the ledger or its settlements into a file, with a manifest to check it by. Needs no server.")
    {
        Part(host, "ledger", "Every entry with all that it holds.", static (export, path, format, cancellation) =>
            export.WriteEntriesAsync(path, format, cancellation)),
        Part(host, "statements",
            "Every settlement with all its amounts in fen, under their national names, and every reversal with negative ones.",
            static (export, path, format, cancellation) => export.WriteStatementsAsync(path, format, cancellation)),
    };

    private static Command Part(
        CliHost host, string name, string description, Func<LedgerExport, string, ExportFormat, CancellationToken,
        Task<ExportManifest>> write)
    {
        Option<string> output = new("--out")
        {
            Description = "The file; the manifest goes beside it. Nothing is written over.", HelpName = "FILE", Required = true,
        };
        Option<string> format = new("--format")
        {
            Description = "Comma-separated values, or a line of JSON for each row.", HelpName = "csv|jsonl", DefaultValueFactory = _ =>
                "csv",
        };
        format.AcceptOnlyFromAmong("csv", "jsonl");
        Option<bool> mark = new("--bom") { Description = "Begin a CSV file with the mark by which spreadsheets know UTF-8." };
        Option<string?> from = new("--from")
        {
            Description =
                "What lies behind this position, such as readTo of the manifest before; or the first day in China on which it was recorded. "
                + "Left out: everything.",
            HelpName = "POSITION|YYYY-MM-DD",
        };
        Option<string?> to = new("--to") { Description = "The last day, when there are several.", HelpName = "YYYY-MM-DD" };
        Option<string?> region = new("--region") { Description = "Only of this region.", HelpName = "DIVISION" };
        Option<string?> facility = new("--facility")
        {
            Description = "Only settlements at this facility, and reversals of them.",
            HelpName = "CODE",
        };
        Option<int> year = new("--year") { Description = "Only of this benefit year.", HelpName = "YEAR" };
        Option<bool> mask = new("--mask")
        {
            Description = "Show persons by their last two characters, and nothing that leads to their papers.",
        };
        Option<string?> pseudonyms = new("--pseudonym-key")
        {
            Description = "Show persons by HMAC-SHA-256 under the bytes of this file, 32 or more, and nothing that leads to their papers.",
            HelpName = "FILE",
        };
        Command command = new(name, description) { output, format, mark, from, to, region, facility, year, mask, pseudonyms };
        LedgerPlace place = LedgerPlace.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(format)?.Tokens is [{ Value: "jsonl" }] && result.GetValue(mark))
                result.AddError("--bom belongs to --format csv");
            if (result.GetValue(mask) && result.GetValue(pseudonyms) is not null) result.AddError("give one of --mask and --pseudonym-key");
            string begin = result.GetValue(from) ?? "0";
            bool isPosition = long.TryParse(begin, NumberStyles.None, CultureInfo.InvariantCulture, out _);
            if (!isPosition && !IsoDay.TryParse(begin, out _))
                result.AddError($"--from '{begin}' is neither a position nor a day as YYYY-MM-DD");
            if (result.GetValue(to) is { } end)
            {
                if (!IsoDay.TryParse(end, out DateOnly last)) result.AddError($"--to '{end}' is no day as YYYY-MM-DD");
                else if (isPosition) result.AddError("--to goes with --from DAY");
                else if (IsoDay.TryParse(begin, out DateOnly first) && last < first)
                    result.AddError($"--to '{end}' is before --from '{begin}'");
            }

            if (result.GetValue(region) is { } code && (code.Length != 6 || !code.All(char.IsAsciiDigit)))
                result.AddError($"--region '{code}' is no division code of six digits");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            string path = parsed.GetValue(output)!;
            ExportFormat written = parsed.GetValue(format) == "jsonl" ? ExportFormat.JsonLines
                : parsed.GetValue(mark) ? ExportFormat.CsvWithMark
                : ExportFormat.Csv;
            ShownPersons persons = parsed.GetValue(pseudonyms) is { } key ? ShownPersons.Pseudonyms(key)
                : parsed.GetValue(mask) ? ShownPersons.Masked
                : ShownPersons.Plain;
            ExportSelection selection = Range(parsed.GetValue(from) ?? "0", parsed.GetValue(to)) with
            {
                Region = parsed.GetValue(region) is { } code ? int.Parse(code, NumberStyles.None, CultureInfo.InvariantCulture) : 0,
                Facility = parsed.GetValue(facility),
                Year = parsed.GetValue(year),
            };
            LedgerOptions options = place.ExistingLedger(parsed, host);
            try
            {
                await using ILedgerStore store = LedgerStore.Create(options, NullLoggerFactory.Instance);
                await store.InitialiseAsync(cancellation);
                ExportManifest manifest = await write(new LedgerExport(store, selection, persons, host), path, written, cancellation);
                host.Out.WriteLine(
                    $"{path}: {Show.Count(manifest.Rows)} rows, {Show.Count(manifest.Bytes)} bytes, SHA-256 {manifest.Sha256}"
                    + (manifest.ReadTo is { } position ? $"; read to position {position}" : manifest.Complete == false
                        ? "; the last day is not over"
                        : ""));
                return ExitCode.Ok;
            }
            catch (LedgerDetachedException error)
            {
                throw new CliException(ExitCode.Refused, error.Message, error);
            }
            catch (LedgerException error)
            {
                throw new CliException(ExitCode.Environment, $"the ledger cannot be read: {error.Message}", error);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new CliException(ExitCode.Environment, $"--out {path}: cannot be written: {error.Message}", error);
            }
        });
        return command;
    }

    private static ExportSelection Range(string from, string? to)
    {
        if (long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out long after)) return new ExportSelection
        {
            After = after,
        };
        DateOnly first = IsoDay.Parse(from);
        return new ExportSelection { Days = (first, to is null ? first : IsoDay.Parse(to)) };
    }
}
