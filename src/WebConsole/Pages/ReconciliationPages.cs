using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Settlement.Contract;
using Settlement.Gateway.Operations;
using Settlement.Reconciling;
using Settlement.WebConsole.Serving;

namespace Settlement.WebConsole.Pages;

/// <summary>Reconciliation 对账: the sums of some days, the facility's list held against the ledger's, and both lists as files.</summary>
internal sealed class ReconciliationPages(ReconciliationOperations reconciliation, TimeProvider time) : IPages
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public void Map(Routes routes)
    {
        routes.Get("/reconciliation", async request => Answers.Page<ReconciliationView>(request, await ModelAsync(request)));
        routes.Get("/reconciliation/details.csv", Details);
        routes.Post("/reconciliation", Compare, takesFile: true);
    }

    private async Task<ReconciliationModel> ModelAsync(ConsoleRequest request)
    {
        string today = DateOnly.FromDateTime(time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime)
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        ReconciliationModel model = new()
        {
            Facility = request.Caller.Facility?.Code ?? request.Field("facility"),
            From = request.Field("from") is { Length: > 0 } from ? from : today,
            To = request.Field("to") is { Length: > 0 } to ? to : today,
        };
        if (model.Facility.Length == 0) return model;
        return model with { Totals = await reconciliation.GetTotals(
            new GetTotalsRequest { Facility = model.Facility, From = model.From, To = model.To }, request.Caller) };
    }

    /// <summary>The ledger's list as a file, to be held against the facility's own books.</summary>
    private async Task<IResult> Details(ConsoleRequest request)
    {
        List<DetailItem> items = [];
        ListDetailsRequest asked = new() { Facility = request.Field("facility"), From = request.Field("from"), To = request.Field("to") };
        await reconciliation.ListDetails(
            asked, item => { items.Add(item); return Task.CompletedTask; }, request.Caller, request.Http.RequestAborted);
        return File("details", asked.From, output => DetailFile.Write(items, output));
    }

    private async Task<IResult> Compare(ConsoleRequest request)
    {
        ReconciliationModel model = await ModelAsync(request);
        if (request.File("list") is not { } upload || upload.Length == 0)
            return Answers.Page<ReconciliationView>(
                request, model with { Fault = request.Text["请选择机构明细文件（CSV）。", "Choose the facility's list, a CSV file."] }, 400);
        List<DetailItem> items;
        try
        {
            using StreamReader text = new(upload.OpenReadStream(), Strict);
            items = DetailFile.Read(text);
        }
        catch (Exception error) when (error is FormatException or DecoderFallbackException)
        {
            return Answers.Page<ReconciliationView>(
                request, model with { Fault = request.Text[$"文件无法读取：{error.Message}", $"The file cannot be read: {error.Message}"] }, 400);
        }

        List<Difference> differences = [];
        DetailsSummary? summary = null;
        await reconciliation.CompareDetails(Parts(model, items), Take, request.Caller, request.Http.RequestAborted);
        if (request.Field("as") == "csv") return File("differences", model.From, output => DifferenceFile.Write(differences, output));
        return Answers.Page<ReconciliationView>(request, model with { Differences = differences, Summary = summary });

        Task Take(CompareDetailsResponse answer)
        {
            if (answer.Difference is { } difference) differences.Add(difference);
            summary ??= answer.Summary;
            return Task.CompletedTask;
        }
    }

    private static async IAsyncEnumerable<CompareDetailsRequest> Parts(ReconciliationModel model, IEnumerable<DetailItem> items)
    {
        await Task.CompletedTask; // the list is at hand; the operation takes a stream
        yield return new CompareDetailsRequest { Header = new DetailsHeader { Facility = model.Facility, From = model.From,
            To = model.To } };
        foreach (DetailItem item in items) yield return new CompareDetailsRequest { Item = item };
    }

    /// <summary>A CSV file with the mark by which spreadsheets know UTF-8.</summary>
    private static IResult File(string name, string day, Action<TextWriter> write)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture);
        write(output);
        return Results.File(
            [.. Encoding.UTF8.Preamble, .. Strict.GetBytes(output.ToString())], "text/csv; charset=utf-8", $"{name}-{day}.csv");
    }
}

/// <summary>What the reconciliation page shows.</summary>
public sealed record ReconciliationModel
{
    /// <summary>The facility; empty while the agency has not named one.</summary>
    public required string Facility { get; init; }

    /// <summary>First day.</summary>
    public required string From { get; init; }

    /// <summary>Last day.</summary>
    public required string To { get; init; }

    /// <summary>The ledger's sums; null while no facility is named.</summary>
    public GetTotalsResponse? Totals { get; init; }

    /// <summary>Differences found; null before a list was compared.</summary>
    public IReadOnlyList<Difference>? Differences { get; init; }

    /// <summary>Summary of the comparison.</summary>
    public DetailsSummary? Summary { get; init; }

    /// <summary>Why the list was not compared, in the language of the page.</summary>
    public string? Fault { get; init; }
}
