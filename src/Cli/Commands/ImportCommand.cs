using System.CommandLine;
using System.Runtime.InteropServices;
using Settlement.Cli.Client;
using Settlement.Cli.Importing;
using Settlement.Cli.Text;
using Settlement.Contract;

namespace Settlement.Cli.Commands;

/// <summary><c>import KIND FILE</c>.</summary>
internal static class ImportCommand
{
    /// <summary>What a shell sees of a program that ended at Ctrl-C.</summary>
    private const int Interrupted = 130;

    public static Command Create(CliHost host)
    {
        Command command = new("import",
            "Import persons and what is known of them, and the catalogue, from CSV files (agency key). An import that was interrupted goes on where it was; "
            + "a row that was imported before is not recorded twice. Ctrl-C ends in good order, with 130.");
        foreach (ImportKind kind in ImportKind.All) command.Add(Create(kind, host));
        return command;
    }

    private static Command Create(ImportKind kind, CliHost host)
    {
        ImportOptions options = new(kind);
        options.Command.SetAction((parsed, cancellation) => RunAsync(kind, options, parsed, host, cancellation));
        return options.Command;
    }

    private static async Task<int> RunAsync(
        ImportKind kind, ImportOptions options, ParseResult parsed, CliHost host, CancellationToken cancellation)
    {
        string path = parsed.GetValue(options.File)!;
        string region = parsed.GetValue(options.Region) ?? "";
        bool isCheck = parsed.GetValue(options.Check);
        string errorPath = parsed.GetValue(options.Errors) ?? path + (isCheck ? ".check.csv" : ".errors.csv");
        if (Path.GetFullPath(errorPath) == Path.GetFullPath(path))
            throw new CliException(ExitCode.Usage, $"--errors '{errorPath}' is the file to be imported: it would be overwritten");
        ImportFile file = ImportFile.Scan(path, ImportFile.EncodingOf(parsed.GetValue(options.Encoding)!), kind, region.Length > 0);
        using ErrorFile errors = new(errorPath, file.Encoding, file.Head, parsed.GetValue(options.Language)!);
        ImportRun run = new(file, kind, region, errors);
        ImportReport report = new(host, kind, path, file.Count, errorPath, parsed.GetValue(options.Client.Json));
        try
        {
            if (!isCheck) return await SendAsync(kind, options, parsed, host, file, errors, run, report, cancellation);
            errors.Begin();
            run.Check(new Progress(host));
            report.WriteChecked(run.Counts);
            return run.Counts.Refused == 0 ? ExitCode.Ok : ExitCode.Refused;
        }
        catch (FormatException error)
        {
            throw new CliException(ExitCode.Usage, $"{path}: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Environment, $"the import of {path} stopped, a file cannot be written: {error.Message}", error);
        }
    }

    private static async Task<int> SendAsync(
        ImportKind kind, ImportOptions options, ParseResult parsed, CliHost host, ImportFile file, ErrorFile errors, ImportRun run,
        ImportReport report, CancellationToken cancellation)
    {
        using Connection connection = options.Client.Open(parsed, host);
        await connection.AskAsync(call => connection.Settlement.PingAsync(new PingRequest(), call), cancellation);
        ImportIdentity identity = new(
            kind.Name, file.Hash, file.Encoding.WebName, parsed.GetValue(options.Region) ?? "", connection.Server.AbsoluteUri,
            Path.GetFullPath(errors.Path));
        ProgressFile progress = new(parsed.GetValue(options.File)! + ".progress");
        Begin(progress, identity, run, errors, report, parsed.GetValue(options.FromStart));
        WriteProgress(); // a folder that cannot be written to is found out before anything is sent

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        ImportCalls calls = new(
            connection, kind, parsed.GetValue(options.AskFirst), TimeSpan.FromSeconds(parsed.GetValue(options.Patience)), host.Clock);
        try
        {
            await run.SendAsync(
                calls, parsed.GetValue(options.InFlight),
                WriteProgress,
                () => report.Show(run.Counts, calls.IsWaiting),
                host.Clock, stop.Token);
        }
        catch (CliException error)
        {
            report.WriteStopped(run.Counts);
            throw new CliException(calls.LeftUnknown ? ExitCode.Unknown : error.ExitCode, error.Message, error);
        }

        if (run.Counts.Rows < file.Count)
        {
            report.WriteStopped(run.Counts);
            return Interrupted;
        }

        progress.Delete();
        report.WriteDone(run.Counts);
        return run.Counts.Unknown > 0 ? ExitCode.Unknown : run.Counts.Refused > 0 ? ExitCode.Refused : ExitCode.Ok;

        void WriteProgress() => progress.Write(new Checkpoint(identity, run.Line, run.Counts, errors.Length));

        void Stop(PosixSignalContext context)
        {
            // The second time it ends at once.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }

    private static void Begin(
        ProgressFile progress, ImportIdentity identity, ImportRun run, ErrorFile errors, ImportReport report, bool fromStart)
    {
        Checkpoint? checkpoint = fromStart ? null : progress.Read();
        string? anew = checkpoint is null ? null
            : checkpoint.Of != identity ? "the import that was interrupted had another file, server or option"
            : !errors.Continue(checkpoint.ErrorBytes) ? $"{errors.Path} was changed since the import was interrupted"
            : null;
        if (checkpoint is not null && anew is null)
        {
            run.ContinueAfter(checkpoint);
            report.WriteContinued(checkpoint);
            return;
        }

        if (anew is not null) report.WriteAnew(anew);
        errors.Begin();
    }
}
