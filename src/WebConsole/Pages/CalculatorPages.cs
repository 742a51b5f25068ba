using System.Globalization;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;
using Settlement.Contract;
using Settlement.Gateway.Identity;
using Settlement.Gateway.Operations;
using Settlement.Gateway.Refusals;
using Settlement.Identity;
using Settlement.WebConsole.Serving;

namespace Settlement.WebConsole.Pages;

/// <summary>
/// The calculator of the counter: what a visit would settle to now, and side by side what another level of hospital or another kind of
/// place changes. Quotes leave no trace.
/// </summary>
internal sealed class CalculatorPages(SettlementOperations settlements, PolicyOperations policies, PersonLinks links, TimeProvider time)
    : IPages
{
    private static readonly Facility.Types.Level[] Levels =
        [Facility.Types.Level.Primary, Facility.Types.Level._1, Facility.Types.Level._2, Facility.Types.Level._3,
            Facility.Types.Level.SpecialLevel3];

    private static readonly OutOfArea.Types.Kind[] Places =
        [OutOfArea.Types.Kind.Local, OutOfArea.Types.Kind.Referral, OutOfArea.Types.Kind.CriticalEmergency, OutOfArea.Types.Kind.Temporary];

    /// <inheritdoc/>
    public void Map(Routes routes)
    {
        routes.Get("/calculator", async request => Answers.Page<CalculatorView>(request, await ModelAsync(request)));
        routes.Post("/calculator", async request => Answers.Page<CalculatorView>(request, await ModelAsync(request)));
        routes.Post("/calculator/results", async request => Answers.Page<CalculatorResults>(request, await ModelAsync(request)));
    }

    private async Task<CalculatorModel> ModelAsync(ConsoleRequest request)
    {
        ListPacksResponse packs = await policies.ListPacks(new ListPacksRequest(), request.Caller);
        CalculatorForm form = CalculatorForm.Of(request, Defaults(packs));
        // What the agency registered of a facility is not the facility's to choose: there is nothing else to compare with.
        RegisteredFacility? own = request.Caller.Facility;
        Facility.Types.Level[] levels = own?.Level is { } level ? [LevelOf(level)] : Levels;
        OutOfArea.Types.Kind[] places = own?.Division is not { } division ? Places : SamePrefecture(division, form.Region)
            ? Places[..1]
            : Places[1..];
        if (!levels.Contains(form.Level)) form = form with { Level = levels[0] };
        if (!places.Contains(form.Place)) form = form with { Place = places[^1] };
        // From an account page the person comes sealed, in the address.
        if (request.Http.Request.Method == HttpMethods.Get) form = form with
        {
            Person = links.Open(request.Field("person"), request.Caller) ?? "",
        };
        CalculatorModel model = new() { Form = form, Packs = packs.Packs, Levels = levels, Places = places };
        if (form.Person.Length == 0) return model;
        if (form.WrongAmount is { } wrong)
        {
            return model with
            {
                Fault = new RefusalModel(
                    "INVALID_FIELD",
                    request.Text[$"金额无效：{wrong}。请填写元，最多两位小数。", $"Not an amount: {wrong}. Give yuan with two decimals at most."]),
            };
        }

        Alternative chosen = await QuoteAsync(request, form);
        return model with
        {
            Chosen = chosen,
            ByLevel = await Task.WhenAll(
                levels.Select(level => level == form.Level ? Task.FromResult(chosen) : QuoteAsync(request, form with
            {
                Level = level,
            }))),
            ByPlace = await Task.WhenAll(
                places.Select(place => place == form.Place ? Task.FromResult(chosen) : QuoteAsync(request, form with
            {
                Place = place,
            }))),
        };
    }

    private async Task<Alternative> QuoteAsync(ConsoleRequest request, CalculatorForm form)
    {
        Caller caller = request.Caller;
        try
        {
            QuoteResponse quote = await settlements.Quote(
                new QuoteRequest { Person = form.Person, Claim = form.ToClaim(caller.Facility) }, caller);
            return new Alternative(form.Level, form.Place, quote.Result, null);
        }
        catch (RefusalException error)
        {
            return new Alternative(
                form.Level, form.Place, null,
                new RefusalModel(error.Refusal.Code, request.Text[error.Refusal.MessageZh, error.Refusal.Message]));
        }
    }

    private CalculatorForm Defaults(ListPacksResponse packs)
    {
        DateOnly today = DateOnly.FromDateTime(time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);
        return new CalculatorForm { Region = packs.Packs[0].Region, Admitted = Text(today.AddDays(-7)), Discharged = Text(today) };
    }

    private static Facility.Types.Level LevelOf(string name) =>
        (Facility.Types.Level)(Facility.Descriptor.FindDescriptor<EnumDescriptor>("Level").FindValueByName(name)?.Number ?? 0);

    private static bool SamePrefecture(string division, string region) =>
        division.Length >= 4 && region.StartsWith(division[..4], StringComparison.Ordinal);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>A quote beside others.</summary>
/// <param name="Level">Facility level.</param>
/// <param name="Place">Kind of place as asked for; the result tells the one derived.</param>
/// <param name="Result">The quote, or null when it is refused.</param>
/// <param name="Refusal">Why it is refused.</param>
public sealed record Alternative(Facility.Types.Level Level, OutOfArea.Types.Kind Place, SettlementResult? Result, RefusalModel? Refusal);

/// <summary>What the calculator shows.</summary>
public sealed record CalculatorModel
{
    /// <summary>What was put in.</summary>
    public required CalculatorForm Form { get; init; }

    /// <summary>Packs to choose from.</summary>
    public required IReadOnlyList<PolicyPack> Packs { get; init; }

    /// <summary>Levels compared.</summary>
    public required IReadOnlyList<Facility.Types.Level> Levels { get; init; }

    /// <summary>Kinds of place compared.</summary>
    public required IReadOnlyList<OutOfArea.Types.Kind> Places { get; init; }

    /// <summary>What keeps it from being quoted at all.</summary>
    public RefusalModel? Fault { get; init; }

    /// <summary>The visit as put in; null until a person is given.</summary>
    public Alternative? Chosen { get; init; }

    /// <summary>The same visit at each level.</summary>
    public IReadOnlyList<Alternative> ByLevel { get; init; } = [];

    /// <summary>The same visit at each kind of place.</summary>
    public IReadOnlyList<Alternative> ByPlace { get; init; } = [];
}
