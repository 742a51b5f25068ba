using Settlement.Contract;
using Settlement.Terms;

namespace Settlement.Cli.Statements;

/// <summary>The words of a statement in one language.</summary>
internal sealed record Words
{
    public required string Language { get; init; }
    public required string Title { get; init; }
    public required string QuoteTitle { get; init; }
    public required string Reversed { get; init; }
    public required string SettlementId { get; init; }
    public required string SettledAt { get; init; }
    public required string Person { get; init; }
    public required string Scheme { get; init; }
    public required string Facility { get; init; }
    public required string VisitType { get; init; }
    public required string Admission { get; init; }
    public required string Discharge { get; init; }
    public required string VisitId { get; init; }
    public required string ChargeBatch { get; init; }
    public required string BenefitYear { get; init; }
    public required string Place { get; init; }
    public required string Policy { get; init; }
    public required string Charges { get; init; }
    public required string Total { get; init; }
    public required string SelfFunded { get; init; }
    public required string OverLimit { get; init; }
    public required string PreSelfPay { get; init; }
    public required string InScope { get; init; }
    public required string Payments { get; init; }
    public required string DeductibleStandard { get; init; }
    public required string DeductiblePaid { get; init; }
    public required string Pooled { get; init; }
    public required string SeriousIllness { get; init; }
    public required string AssistanceBasic { get; init; }
    public required string AssistanceTilt { get; init; }
    public required string AssistanceOutpatient { get; init; }
    public required string AssistanceOther { get; init; }
    public required string PersonPays { get; init; }

    /// <summary>Short names of the payers, in the order of the columns of the matrix.</summary>
    public required IReadOnlyList<string> Payers { get; init; }

    public required string AssistanceWithheld { get; init; }
    public required string Warning { get; init; }
    public required string Alert { get; init; }
    public required string Matrix { get; init; }
    public required string Band { get; init; }
    public required string Ratio { get; init; }
    public required string Amount { get; init; }
    public required string Sum { get; init; }
    public required string Steps { get; init; }
    public required string Base { get; init; }
    public required string Interval { get; init; }
    public required string Above { get; init; }
    public required string Parameter { get; init; }
    public required string Counter { get; init; }
    public required string Source { get; init; }
    public required string YearToDate { get; init; }
    public required string Lasting { get; init; }
    public required string Unit { get; init; }
    public required string Correction { get; init; }
    public required string CorrectionPreview { get; init; }
    public required string CorrectionReason { get; init; }
    public required string Replaces { get; init; }
    public required string ReplacedBy { get; init; }
    public required string Payer { get; init; }
    public required string Before { get; init; }
    public required string After { get; init; }
    public required string Difference { get; init; }
    public required IReadOnlyDictionary<Scheme.Types.Kind, string> Schemes { get; init; }
    public required IReadOnlyDictionary<Visit.Types.Type, string> Visits { get; init; }
    public required IReadOnlyDictionary<OutOfArea.Types.Kind, string> Places { get; init; }
    public required IReadOnlyDictionary<Facility.Types.Level, string> Levels { get; init; }
    public required IReadOnlyDictionary<Alert.Types.Kind, string> Alerts { get; init; }
    public required IReadOnlyDictionary<string, string> Regions { get; init; }
    public required IReadOnlyDictionary<string, string> Reasons { get; init; }

    /// <summary>What a correction notices, by its word in the contract.</summary>
    public required IReadOnlyDictionary<string, string> Notices { get; init; }

    /// <summary>The words for a language code.</summary>
    /// <exception cref="CliException">No such language.</exception>
    public static Words Of(string language) => language switch
    {
        "zh" => ChineseWords.Instance,
        "en" => EnglishWords.Instance,
        _ => throw new CliException(ExitCode.Usage, $"--language '{language}' is not known: zh or en"),
    };

    /// <summary>Name of a counter such as <c>Q1.deductiblePaid</c>; a name without words stands as it is.</summary>
    public string CounterName(string name) => ContractTerms.CounterName(name, Language);

    /// <summary>The text of a key, or the key itself.</summary>
    public static string Named<T>(IReadOnlyDictionary<T, string> names, T key) =>
        names.TryGetValue(key, out string? text) ? text : $"{key}";
}
