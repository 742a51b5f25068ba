using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Settlement.Policy.Cases;
using Settlement.Tests.Histories;
using Xunit.Abstractions;

namespace Settlement.Policy.Tests.Properties;

/// <summary>
/// Every step that the pipelines of the cities can make, over the worked cases and random histories, is explained in both languages: what
/// was done, the parameter by name, document and section, and the figures.
/// </summary>
public partial class ExplainedTests(ITestOutputHelper output)
{
    /// <summary>Adding up what was given needs no document.</summary>
    private static readonly StepCode[] Sums = [StepCode.LinesTotalled, StepCode.PaymentsKnown, StepCode.PersonPays];

    /// <summary>What no city publishes the value for; <see cref="FictionalCityTests"/> has a city that does.</summary>
    private static readonly StepCode[] Unpublished = [StepCode.AssistanceBedDays];

    /// <summary>Steps that state a condition, a day or a count, not an amount.</summary>
    private static readonly StepCode[] WithoutAmount =
    [
        StepCode.Covered, StepCode.PlaceDerived, StepCode.ChosenFacility, StepCode.Certified, StepCode.DiseaseFiled,
            StepCode.RescueConditions, StepCode.CycleCounted,
        StepCode.RatioReduced, StepCode.DeductibleWaivedForDisease, StepCode.DeductibleWaivedOncology, StepCode.DeductibleWaivedDelivery,
            StepCode.SeriousIllnessBase,
        StepCode.AssistanceWithheld, StepCode.BurdenCounted,
    ];

    /// <summary>Steps whose amount is written exactly, before rounding.</summary>
    private static readonly StepCode[] Exact = [StepCode.PooledBand, StepCode.SeriousIllnessBand, StepCode.GeneralFee];

    [Fact]
    public void Every_step_is_explained_in_both_languages_with_parameter_document_and_the_same_figures()
    {
        var emitted = new ConcurrentDictionary<StepCode, bool>();
        ForEverything((run, _) =>
        {
            foreach (var (step, scheme, day) in StepsOf(run))
            {
                emitted[step.Code] = true;
                AssertExplained(step, scheme, day, Repository.Catalogue.Find(run.Region)!);
            }
        });

        Assert.Equal(Enum.GetValues<StepCode>().Except(Unpublished), emitted.Keys.Order());
    }

    [Fact]
    public void Every_refusal_is_told_in_both_languages_with_nothing_left_in_the_other() => ForEverything((_, taken) =>
    {
        foreach (var refusal in taken.Select(t => t.Refusal ?? t.Quoted as Refusal).OfType<Refusal>())
        {
            var (zh, en) = (Explainer.Default.Explain(refusal, Language.Zh), Explainer.Default.Explain(refusal, Language.En));
            Assert.DoesNotMatch(Placeholder(), zh + en);
            Assert.DoesNotMatch(EnglishWord(), Field().Replace(zh, ""));
            Assert.Matches(ChineseCharacter(), zh);
            Assert.DoesNotMatch(ChineseCharacter(), refusal.Document is null
                ? en
                : en.Replace(refusal.Document, "", StringComparison.Ordinal));
        }
    });

    [Fact]
    public void The_catalogue_has_an_entry_for_every_code_and_no_other()
    {
        var codes = new[]
        {
            Of<StepCode>("steps"), Of<RefusalCode>("refusals"), Of<AssistanceReason>("reasons"), Of<OutOfAreaKind>("kinds"),
                Of<CostBand>("bands"), Of<AlertKind>("alerts"),
            Of<CorrectionOutcome>("corrections"), ["corrections/REFUND", "corrections/COLLECT", "corrections/EVEN"],
        };

        Assert.Equal(codes.SelectMany(c => c)
            .Order(), Explainer.Default.Entries.Where(e => !e.StartsWith("expectations/", StringComparison.Ordinal)).Order());

        static IEnumerable<string> Of<T>(string section)
            where T : struct, Enum
            => Names.All<T>().Select(name => $"{section}/{name}");
    }

    [Fact]
    public void Every_expectation_of_the_catalogue_is_one_that_the_rules_have()
    {
        var rules = string.Join(
            '\n', Directory.GetFiles(Path.Combine(Repository.Root, "src", "Policy"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText));
        foreach (var (key, en) in Explainer.Default.Expected)
            Assert.All(en.Split('*', StringSplitOptions.RemoveEmptyEntries), words =>
                Assert.True(rules.Contains(words, StringComparison.Ordinal), $"{key}: {words}"));
    }

    [Fact]
    public void Both_languages_of_a_step_have_the_same_placeholders() => Assert.All(
        Enum.GetValues<StepCode>(),
        code => Assert.Equal(PlaceholdersOf(code, Language.Zh).Order(), PlaceholdersOf(code, Language.En).Order()));

    private static IEnumerable<string> PlaceholdersOf(StepCode code, Language language)
        => Placeholder().Matches(Explainer.Default.TemplateOf(code, language)).Select(m => m.Value);

    /// <summary>The worked cases, then random histories of every city.</summary>
    private void ForEverything(Action<PersonRun, IReadOnlyList<Taken>> see)
    {
        foreach (var history in WorkedCases())
        {
            var (run, taken) = PersonRun.Play(Repository.Adjudicator, history);
            see(run, taken);
        }

        foreach (var city in City.All)
            HistoryProperty.ForEvery(
                city,
                output.WriteLine,
                history =>
                {
                    var (run, taken) = PersonRun.Play(Repository.Adjudicator, history);
                    see(run, taken);
                });
    }

    /// <summary>The worked cases as histories; what only asks for a rate, a day or a deposit has no steps.</summary>
    private static IEnumerable<History> WorkedCases()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "cases"), "*.json").Order(StringComparer.Ordinal))
            foreach (var current in CaseReader.Read(File.ReadAllText(file)))
                yield return new History(current.Region, current.Person, [.. current.Steps.SelectMany(ActsOf)]);
    }

    private static IEnumerable<Act> ActsOf(CaseStep step) => step switch
    {
        ClaimStep { Operation: ClaimOperation.Quote } quote => [new QuoteAct(quote.Claim)],
        ClaimStep { Operation: ClaimOperation.Settle } settle => [new SettleAct(settle.Claim)],
        ClaimStep { Operation: ClaimOperation.AssistanceOnly } assisted =>
            [new SettleAct(assisted.Claim with { KnownPayments = assisted.Claim.KnownPayments ?? new KnownPayments(0, 0) })],
        ChooseFacilityStep choose => [new RecordAct(choose.Choice)],
        EndFilingStep end => [new RecordAct(end.End)],
        ReverseStep => [new ReverseAct(0, ReversedBy.Agency)],
        AssistanceLaterStep => [new AssistLaterAct(0)],
        IllnessGrantStep grant => [new GrantAct(grant.AppliedOn)],
        _ => [],
    };

    private static IEnumerable<(RuleStep Step, Scheme Scheme, DateOnly Day)> StepsOf(PersonRun run)
        => run.Payments.SelectMany(e => e.Decided!.Steps.Select(s => (s, e.Decided.Scheme, e.Decided.DecidedFor)))
            .Concat(run.Entries.Where(e => e.Grant is not null)
                .SelectMany(e => e.Grant!.Steps.Select(s => (s, Scheme.Resident, e.Grant.Grant.AppliedOn))));

    private static void AssertExplained(RuleStep step, Scheme scheme, DateOnly day, Pack pack)
    {
        var zh = Explainer.Default.Explain(step, scheme, day, pack, Language.Zh);
        var en = Explainer.Default.Explain(step, scheme, day, pack, Language.En);
        Assert.Matches(ChineseCharacter(), zh.Text);
        Assert.DoesNotMatch(ChineseCharacter(), en.Text);
        Assert.DoesNotMatch(Placeholder(), zh.Text + en.Text);
        Assert.NotEqual(step.Code.Text(), en.Text);
        Assert.Equal(Number().Matches(en.Text).Select(m => m.Value).Order(), Number().Matches(zh.Text).Select(m => m.Value).Order());
        if (!WithoutAmount.Contains(step.Code))
            Assert.Contains(Exact.Contains(step.Code)
                ? Explanation.Exact(step.Base, step.RateBp)
                : Explanation.Yuan(step.Amount), zh.Text, StringComparison.Ordinal);

        if (step.RateBp != 0 && step.Code is not (StepCode.RatioReduced or StepCode.DeductibleMultiplied))
            Assert.Contains(Explanation.Percent(step.RateBp), zh.Text, StringComparison.Ordinal);

        if (Sums.Contains(step.Code))
        {
            Assert.Equal(Parameter.None, step.Parameter);
            return;
        }

        Assert.Equal(ParameterSchema.NameOf(step.Parameter), zh.Parameter);
        Assert.Matches(ChineseCharacter(), zh.Term);
        Assert.DoesNotMatch(ChineseCharacter(), en.Term);
        Assert.False(string.IsNullOrEmpty(zh.Citation?.Document.Number) || string.IsNullOrEmpty(zh.Citation.Section), $"{step}");
        Assert.Equal(zh.Citation, en.Citation);
    }

    [GeneratedRegex(@"\{\w*\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\d+(\.\d+)?|∞")]
    private static partial Regex Number();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex ChineseCharacter();

    [GeneratedRegex("[a-z]{2,}")]
    private static partial Regex EnglishWord();

    /// <summary>Names of fields and parameters, and the two values of a flag, are the same in both languages.</summary>
    [GeneratedRegex(@"“[a-z.-]+”|[a-z]+([A-Z][a-z]+)*(\[\d+\])?(\.[a-zA-Z]+)* 为 |\btrue\b|\bfalse\b")]
    private static partial Regex Field();
}
