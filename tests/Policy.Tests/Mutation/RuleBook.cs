using System.Collections;
using System.Reflection;
using Settlement.Policy.Cases;

namespace Settlement.Policy.Tests.Mutation;

/// <summary>
/// Everything that states a rule of one city: its worked cases, and every test of a class named *RuleTests (of Benxi and Panjin, with the city's name in front).
/// Says whether a pack breaks any of it. These tests have their figures from the documents; none of them takes an expectation from the pack.
/// </summary>
internal sealed class RuleBook
{
    private static readonly (string Prefix, int Region)[] OtherCities = [("Benxi", 210500), ("Panjin", 211100)];
    private readonly WorkedCase[] cases;
    private readonly (Type Class, MethodInfo Method, object?[] Arguments)[] rules;

    public RuleBook(int region)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "cases");
        cases = [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).SelectMany(f => CaseReader.Read(File.ReadAllText(f))).Where(c => c.Region == region)];
        rules = [.. typeof(RuleBook).Assembly.GetTypes().Where(t => t.Name.EndsWith("RuleTests", StringComparison.Ordinal) && RegionOf(t) == region).SelectMany(RulesOf)];
    }

    private static int RegionOf(Type rules)
    {
        foreach (var (prefix, region) in OtherCities)
            if (rules.Name.StartsWith(prefix, StringComparison.Ordinal))
                return region;

        return Scene.Shenyang;
    }

    /// <summary>How many rules it holds beside the cases.</summary>
    public int Rules => rules.Length;

    /// <summary>Name of something that fails under the packs of an adjudicator, or null when nothing does.</summary>
    public string? FirstFailure(Adjudicator adjudicator)
    {
        using var use = Repository.Use(adjudicator);
        return FailingCase(adjudicator) ?? FailingRule();
    }

    private string? FailingCase(Adjudicator adjudicator)
    {
        foreach (var current in cases)
        {
            try
            {
                var report = CaseRunner.RunAsync([current], new InProcessTarget(adjudicator)).GetAwaiter().GetResult();
                if (report.Passed == 0)
                    return current.Id;
            }
            catch (CaseFormatException)
            {
                return current.Id;
            }
        }

        return null;
    }

    private string? FailingRule()
    {
        foreach (var (type, method, arguments) in rules)
        {
            try
            {
                method.Invoke(Activator.CreateInstance(type), arguments);
            }
            catch (TargetInvocationException)
            {
                return $"{type.Name}.{method.Name}";
            }
        }

        return null;
    }

    private static IEnumerable<(Type, MethodInfo, object?[])> RulesOf(Type type)
        => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => m.GetCustomAttribute<FactAttribute>() is not null)
            .SelectMany(m => Arguments(type, m).Select(a => (type, m, a)));

    private static IEnumerable<object?[]> Arguments(Type type, MethodInfo method)
    {
        if (method.GetCustomAttribute<TheoryAttribute>() is null)
            return [[]];

        var rows = method.GetCustomAttributes<InlineDataAttribute>().SelectMany(a => a.GetData(method));
        foreach (var member in method.GetCustomAttributes<MemberDataAttribute>())
            rows = rows.Concat(((IEnumerable)type.GetMethod(member.MemberName)!.Invoke(null, null)!).Cast<object?[]>());

        // A single null written as inline data arrives as no row at all.
        return rows.Select(row => Complete(method, row ?? [null]));
    }

    /// <summary>Puts what is left over of a row into a last parameter declared with <c>params</c>, and fills optional parameters.</summary>
    private static object?[] Complete(MethodInfo method, object?[] row)
    {
        var parameters = method.GetParameters();
        if (row.Length < parameters.Length && parameters[row.Length].HasDefaultValue)
            return [.. row, .. parameters[row.Length..].Select(p => p.DefaultValue)];

        if (parameters[^1].GetCustomAttribute<ParamArrayAttribute>() is null || (row.Length == parameters.Length && row[^1] is Array))
            return row;

        var rest = row[(parameters.Length - 1)..];
        var last = Array.CreateInstance(parameters[^1].ParameterType.GetElementType()!, rest.Length);
        Array.Copy(rest, last, rest.Length);
        return [.. row[..(parameters.Length - 1)], last];
    }
}
