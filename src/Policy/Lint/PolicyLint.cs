using System.Collections.Immutable;

namespace Settlement.Policy;

/// <summary>How grave a finding is.</summary>
public enum Severity : byte
{
    Warning = 0,

    /// <summary>Fails the lint.</summary>
    Error = 1,
}

/// <summary>Something the lint found. <c>Place</c> is <c>file:line</c>, or the name of a pack.</summary>
public sealed record LintFinding(Severity Severity, string Place, string Message)
{
    /// <summary>One line a reader can act on.</summary>
    public override string ToString() => $"{Place}: {(Severity == Severity.Error ? "error" : "warning")}: {Message}";
}

/// <summary>Result of a lint on a day.</summary>
/// <param name="On">The day.</param>
/// <param name="Rows">Conformance table: every pack against the floors of its province.</param>
/// <param name="Findings">Findings, errors first.</param>
public sealed record LintReport(DateOnly On, ImmutableArray<ConformanceRow> Rows, ImmutableArray<LintFinding> Findings)
{
    /// <summary>Whether anything fails the lint.</summary>
    public bool Failed => Findings.Any(f => f.Severity == Severity.Error);
}

/// <summary>Checks packs against the policy register and the provincial floors (sections 9 and 10).</summary>
public static class PolicyLint
{
    /// <summary>
    /// Checks a policy directory on a day. What keeps a pack from loading (gaps, overlaps, bands that do not meet, ratios outside 0 to 100
    /// %, unknown names) is reported like any other finding; then there are no rows.
    /// </summary>
    public static LintReport Check(string policies, DateOnly on)
    {
        try
        {
            return Check(PolicyLibrary.Load(policies), on);
        }
        catch (InvalidPackException e)
        {
            return new LintReport(on, [], [.. e.Errors.Select(Invalid)]);
        }
    }

    /// <summary>Checks loaded packs on a day.</summary>
    public static LintReport Check(PolicyLibrary library, DateOnly on)
    {
        var (catalogue, register, floors) = library;
        var rows = ImmutableArray.CreateBuilder<ConformanceRow>();
        var findings = new List<LintFinding>();
        foreach (var pack in catalogue.Packs)
        {
            findings.AddRange(new CitationLint(pack, register).Findings());
            findings.AddRange(pack.StaleOn(on).Select(p => Stale(p, on)));
            foreach (var province in floors.Where(f => f.Binds(pack.Region)))
            {
                var table = new FloorCheck(pack, province, on).Rows().ToArray();
                rows.AddRange(table);
                findings.AddRange(table.Select(r => Finding(r, province, on)).OfType<LintFinding>());
            }
        }

        return new LintReport(on, rows.DrainToImmutable(), [.. findings.OrderByDescending(f => f.Severity)]);
    }

    /// <summary>
    /// Levels that do not differ fail at once; a value below its floor fails once the province's last day to conform is past.
    /// </summary>
    private static LintFinding? Finding(ConformanceRow row, ProvincialFloors province, DateOnly on)
    {
        var message = $"{row.Floor.En}: {row.PackValue}, asked {row.FloorValue} ({row.FloorCitation})";
        if (row is { Verdict: Verdict.Differs, Floor.Rule: FloorRule.DiffersByLevel })
            return new LintFinding(Severity.Error, row.Pack, message);

        return row.Verdict == Verdict.Below
            ? new LintFinding(on > province.Latest ? Severity.Error
                : Severity.Warning, row.Pack, $"{message}, by {province.ConformBy:yyyy-MM-dd}, at the latest {province.Latest:yyyy-MM-dd}")
            : null;
    }

    private static LintFinding Stale(ParameterDefinition parameter, DateOnly on)
    {
        var value = parameter.On(on)!;
        return new LintFinding(
            Severity.Warning, $"{value.File}:{value.Line}", $"{parameter.Name} was to be reviewed by {value.ReviewedUntil:yyyy-MM-dd}");
    }

    private static LintFinding Invalid(string error)
    {
        var at = error.IndexOf(": ", StringComparison.Ordinal);
        return new LintFinding(Severity.Error, error[..at], error[(at + 2)..]);
    }
}
