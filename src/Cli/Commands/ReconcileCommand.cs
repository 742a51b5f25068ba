using System.CommandLine;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Settlement.Cli.Client;
using Settlement.Cli.Reconciling;
using Settlement.Contract;
using Settlement.Reconciling;

namespace Settlement.Cli.Commands;

/// <summary><c>reconcile</c>: a facility's books against the ledger, its totals, its list, and the month's statement.</summary>
internal static class ReconcileCommand
{
    public static Command Create(CliHost host)
    {
        Argument<string?> file = new("FILE")
        {
            Description =
                $"The facility's list as CSV, amounts in fen, '-' for the standard input. Columns, in any order: {DetailFile.ColumnNames}. "
                + "Left out: the ledger's totals are shown.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> facility = new("--facility") { Description = "The facility; left out: the key's own.", HelpName = "CODE" };
        Option<string?> day = new("--day") { Description = "The day, or the first of several, in China.", HelpName = "YYYY-MM-DD" };
        Option<string?> to = new("--to") { Description = "The last day, when there are several (at most 31).", HelpName = "YYYY-MM-DD" };
        Option<string?> month = new("--month") { Description = "Show the statement of a month instead.", HelpName = "YYYY-MM" };
        Option<bool> all = new("--all") { Description = "With --month: of every facility (agency)." };
        Option<bool> list = new("--list") { Description = "Write the ledger's own list as CSV, in the columns of FILE." };
        Option<string?> output = new("--out")
        {
            Description = "Write the result as CSV into this file too, amounts in fen.",
            HelpName = "FILE",
        };
        Command command = new("reconcile",
            "Compare a facility's list with the ledger, or show its totals or a month's statement. Exit code 1 when there are differences.")
        {
            file, facility, day, to, month, all, list, output,
        };
        ClientOptions client = ClientOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(month) is null == result.GetValue(day) is null) result.AddError("give one of --day and --month");
            if (result.GetValue(month) is not null
                && (result.GetValue(file) is not null || result.GetValue(list) || result.GetValue(to) is not null))
                result.AddError("--month goes with neither FILE, --list nor --to");
            if (result.GetValue(all) && (result.GetValue(month) is null || result.GetValue(facility) is not null))
                result.AddError("--all goes with --month, and without --facility");
            if (result.GetValue(list) && result.GetValue(file) is not null)
                result.AddError("--list shows the ledger's list: it takes no FILE");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            using Connection connection = client.Open(parsed, host);
            string code = parsed.GetValue(facility) ?? "";
            bool json = parsed.GetValue(client.Json);
            string? csv = parsed.GetValue(output);
            if (parsed.GetValue(month) is { } asked)
            {
                List<MonthStatement> statements = await StatementsAsync(connection, code, asked, parsed.GetValue(all), cancellation);
                Write(host, json, csv, statements, WriteAll, writer =>
                {
                    TotalsReport.WriteCsvHead(writer);
                    foreach (MonthStatement statement in statements)
                        TotalsReport.WriteCsv(statement.Facility, statement.Month, statement.Rows, writer);
                });
                return ExitCode.Ok;

                void WriteAll(TextWriter screen)
                {
                    foreach (MonthStatement statement in statements) TotalsReport.WriteTable(statement, screen);
                    if (statements.Count == 0) screen.WriteLine($"No facility has settled or reversed anything in {asked}.");
                }
            }

            string from = parsed.GetValue(day)!;
            string until = parsed.GetValue(to) ?? from;
            if (parsed.GetValue(list))
            {
                List<DetailItem> items = await ListAsync(
                    connection, new ListDetailsRequest { Facility = code, From = from, To = until }, cancellation);
                Write(host, json, csv, items, screen => DetailFile.Write(items, screen), writer => DetailFile.Write(items, writer));
                return ExitCode.Ok;
            }

            if (parsed.GetValue(file) is not { } name)
            {
                GetTotalsRequest request = new() { Facility = code, From = from, To = until };
                GetTotalsResponse totals = await connection.AskAsync(
                    options => connection.Reconciliation.GetTotalsAsync(request, options), cancellation);
                Write(host, json, csv, [totals], screen => TotalsReport.WriteTable(totals, screen), writer =>
                {
                    TotalsReport.WriteCsvHead(writer);
                    TotalsReport.WriteCsv(totals.Facility, from == until ? from : $"{from}..{until}", totals.Rows, writer);
                });
                return ExitCode.Ok;
            }

            List<DetailItem> there = ReadList(name, host);
            DetailsHeader header = new() { Facility = code, From = from, To = until };
            (List<Difference> differences, DetailsSummary summary) = await CompareAsync(connection, header, there, cancellation);
            Write(host, json, csv, [.. differences, summary], screen => DifferenceReport.WriteTable(differences, summary, screen),
                writer => DifferenceFile.Write(differences, writer));
            return summary.Differences == 0 ? ExitCode.Ok : ExitCode.Refused;
        });
        return command;
    }

    private static List<DetailItem> ReadList(string file, CliHost host)
    {
        try
        {
            using StringReader text = new(InputFile.ReadText(file, host));
            return DetailFile.Read(text);
        }
        catch (FormatException error)
        {
            throw new CliException(ExitCode.Usage, $"{file}: {error.Message}", error);
        }
    }

    private static void Write(
        CliHost host, bool json, string? csv, IReadOnlyList<IMessage> messages, Action<TextWriter> writeScreen, Action<TextWriter> writeCsv)
    {
        if (csv is not null) WriteFile(csv, writeCsv);
        if (!json)
        {
            writeScreen(host.Out);
            return;
        }

        foreach (IMessage message in messages) Output.WriteJson(host.Out, message);
    }

    private static void WriteFile(string file, Action<TextWriter> write)
    {
        try
        {
            // The mark tells spreadsheets that it is UTF-8.
            using StreamWriter writer = new(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            write(writer);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Environment, $"--out {file}: cannot be written: {error.Message}", error);
        }
    }

    private static Task<List<MonthStatement>> StatementsAsync(
        Connection connection, string facility, string month, bool all, CancellationToken cancellation) => connection.StreamAsync(
        async options =>
        {
            if (!all)
            {
                GetMonthStatementRequest request = new() { Facility = facility, Month = month };
                return [await connection.Reconciliation.GetMonthStatementAsync(request, options)];
            }

            using AsyncServerStreamingCall<MonthStatement> call =
                connection.Reconciliation.ListMonthStatements(new ListMonthStatementsRequest { Month = month }, options);
            return await AllOf(call.ResponseStream, cancellation);
        },
        cancellation);

    private static Task<List<DetailItem>> ListAsync(
        Connection connection, ListDetailsRequest request, CancellationToken cancellation) => connection.StreamAsync(
        async options =>
        {
            using AsyncServerStreamingCall<DetailItem> call = connection.Reconciliation.ListDetails(request, options);
            return await AllOf(call.ResponseStream, cancellation);
        },
        cancellation);

    private static Task<(List<Difference> Differences, DetailsSummary Summary)> CompareAsync(
        Connection connection, DetailsHeader header, List<DetailItem> items, CancellationToken cancellation) => connection.StreamAsync(
        async options =>
        {
            using AsyncDuplexStreamingCall<CompareDetailsRequest,
            CompareDetailsResponse> call = connection.Reconciliation.CompareDetails(options);
            Task sending = SendAsync(call.RequestStream, header, items);
            List<CompareDetailsResponse> answers = await AllOf(call.ResponseStream, cancellation);
            await sending;
            if (answers is not [.., { Summary: { } summary }])
                throw new CliException(
                    ExitCode.Environment, "the server ended the comparison without its summary: nothing can be said of what is missing");
            List<Difference> differences = [.. answers.SkipLast(1).Select(answer => answer.Difference)];
            return (differences, summary);
        },
        cancellation);

    private static async Task SendAsync(IClientStreamWriter<CompareDetailsRequest> requests, DetailsHeader header, List<DetailItem> items)
    {
        try
        {
            await requests.WriteAsync(new CompareDetailsRequest { Header = header });
            foreach (DetailItem item in items) await requests.WriteAsync(new CompareDetailsRequest { Item = item });
            await requests.CompleteAsync();
        }
        catch (Exception error) when (error is RpcException or InvalidOperationException or IOException)
        {
            // The server ended the call while we were sending: the reading side knows why.
        }
    }

    private static async Task<List<T>> AllOf<T>(IAsyncStreamReader<T> stream, CancellationToken cancellation)
    {
        List<T> all = [];
        await foreach (T one in stream.ReadAllAsync(cancellation)) all.Add(one);
        return all;
    }
}
