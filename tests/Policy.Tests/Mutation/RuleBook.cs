using System.Collections;
using System.Reflection;
using Settlement.Policy.Cases;

namespace Settlement.Policy.Tests.Mutation;

/// <summary>
/// Everything that states a rule of one subject: for a city its worked cases, and every test of a class named *RuleTests, with the
/// subject's name in front where it is Benxi, Panjin or the floors of the province (Floor). Says whether changed figures break any of it.
/// These tests have their expectations from the documents; none of them takes one from the files it checks.
/// </summary>
internal sealed class RuleBook
{
    private static readonly string[] Prefixes = ["Benxi", "Panjin", "Floor"];
    private readonly WorkedCase[] cases;
    private readonly (Type Class, MethodInfo Method, object?[] Arguments)[] rules;

    /// <summary>The rules of a subject; a region without a pack has no worked cases.</summary>
    public RuleBook(string subject, int region)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "cases");
        cases = [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).SelectMany(f => CaseReader.Read(File.ReadAllText(f)))
            .Where(c => c.Region == region)];
        rules = [.. typeof(RuleBook).Assembly.GetTypes()
            .Where(t => t.Name.EndsWith("RuleTests", StringComparison.Ordinal) && SubjectOf(t) == subject).SelectMany(RulesOf)];
    }

    /// <summary>How many rules it holds beside the cases.</summary>
    public int Rules => rules.Length;

    private static string SubjectOf(Type rules)
        => Prefixes.FirstOrDefault(p => rules.Name.StartsWith(p, StringComparison.Ordinal))?.ToLowerInvariant() ?? "shenyang";

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

    /// <summary>Name of a rule that fails with the packs and floors in use, or null when none does.</summary>
    public string? FailingRule()
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
