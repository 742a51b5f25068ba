using System.Globalization;
using Microsoft.AspNetCore.Http;
using Settlement.Contract;
using Settlement.Gateway.Operations;
using Settlement.WebConsole.Serving;

namespace Settlement.WebConsole.Pages;

/// <summary>What the packs say: two versions side by side, a parameter through time, and the check against the province.</summary>
internal sealed class PolicyPages(PolicyOperations policies, TimeProvider time) : IPages
{
    /// <inheritdoc/>
    public void Map(Routes routes)
    {
        routes.Get("/policies", Compare);
        routes.Get("/policies/{region}/{scheme}/{parameter}", History);
        routes.Get("/lint", Lint);
    }

    private string Today => DateOnly.FromDateTime(time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime)
        .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private async Task<IResult> Compare(ConsoleRequest request)
    {
        ListPacksResponse packs = await policies.ListPacks(new ListPacksRequest(), request.Caller);
        PolicyPack first = packs.Packs.FirstOrDefault(pack => pack.Region == request.Field("region")) ?? packs.Packs[0];
        Scheme.Types.Kind scheme = Chosen(request.Field("scheme"));
        string day = request.Field("day") is { Length: > 0 } given ? given : first.InForceFrom;
        string other = request.Field("other") is { Length: > 0 } region ? region : first.Region;
        string otherDay = request.Field("other-day") is { Length: > 0 } later ? later : Today;
        ListParametersResponse left = await policies.ListParameters(
            new ListParametersRequest { Region = first.Region, Scheme = scheme, On = day }, request.Caller);
        ListParametersResponse right = await policies.ListParameters(
            new ListParametersRequest { Region = other, Scheme = scheme, On = otherDay }, request.Caller);
        return Answers.Page<PoliciesView>(request, new PoliciesModel
        {
            Packs = packs.Packs,
            Scheme = scheme,
            Left = new PolicyVersion(first.Region, day, left.Policy),
            Right = new PolicyVersion(other, otherDay, right.Policy),
            OnlyDifferences = request.Ticked("differences"),
            Rows = ComparedParameter.Join(left.Parameters, right.Parameters),
        });
    }

    private async Task<IResult> History(ConsoleRequest request)
    {
        Scheme.Types.Kind scheme = Chosen(request.Route("scheme"));
        GetParameterRequest asked = new() { Region = request.Route("region"), Scheme = scheme, Parameter = request.Route("parameter") };
        GetParameterResponse parameter = await policies.GetParameter(asked, request.Caller);
        return Answers.Page<ParameterView>(request, new ParameterModel(asked.Region, scheme, parameter));
    }

    private async Task<IResult> Lint(ConsoleRequest request)
    {
        ListPacksResponse packs = await policies.ListPacks(new ListPacksRequest(), request.Caller);
        string on = request.Field("on") is { Length: > 0 } day ? day : Today;
        LintResponse lint = await policies.Lint(new LintRequest { On = on, Region = request.Field("region") }, request.Caller);
        return Answers.Page<LintView>(request, new LintModel(packs.Packs, request.Field("region"), lint));
    }

    private static Scheme.Types.Kind Chosen(string name) =>
        Enum.TryParse(name, out Scheme.Types.Kind scheme) && Enum.IsDefined(scheme) && scheme != Scheme.Types.Kind.Unspecified
            ? scheme
            : Scheme.Types.Kind.Resident;
}

/// <summary>A pack on a day.</summary>
public sealed record PolicyVersion(string Region, string Day, string Policy);

/// <summary>A parameter on both sides; null where a side's pack does not give it.</summary>
public sealed record ComparedParameter(GetParameterResponse? Left, GetParameterResponse? Right)
{
    /// <summary>Name and words, of the side that has it.</summary>
    public GetParameterResponse Either => Left ?? Right!;

    /// <summary>Whether the values differ; documents may differ while the value stays.</summary>
    public bool Differs => (Left is null) != (Right is null) || !Same(Left?.Value, Right?.Value);

    /// <summary>The parameters of both sides, in the order of the vocabulary as each side gives it.</summary>
    public static IReadOnlyList<ComparedParameter> Join(IReadOnlyList<GetParameterResponse> left, IReadOnlyList<GetParameterResponse> right)
    {
        Dictionary<string, GetParameterResponse> others = right.ToDictionary(parameter => parameter.Parameter);
        List<ComparedParameter> rows = [
            .. left.Select(parameter => new ComparedParameter(parameter, others.GetValueOrDefault(parameter.Parameter)))];
        HashSet<string> known = [.. left.Select(parameter => parameter.Parameter)];
        rows.AddRange(right.Where(parameter => !known.Contains(parameter.Parameter))
            .Select(parameter => new ComparedParameter(null, parameter)));
        return rows;
    }

    private static bool Same(ParameterValue? left, ParameterValue? right) =>
        (left is null && right is null)
            || (left is not null && right is not null && left.Unpublished == right.Unpublished && left.Cells.Equals(right.Cells));
}

/// <summary>What the comparison shows.</summary>
public sealed record PoliciesModel
{
    /// <summary>Packs to choose from.</summary>
    public required IReadOnlyList<PolicyPack> Packs { get; init; }

    /// <summary>The scheme compared.</summary>
    public required Scheme.Types.Kind Scheme { get; init; }

    /// <summary>The left version.</summary>
    public required PolicyVersion Left { get; init; }

    /// <summary>The right version.</summary>
    public required PolicyVersion Right { get; init; }

    /// <summary>Whether equal rows are left out.</summary>
    public required bool OnlyDifferences { get; init; }

    /// <summary>The parameters.</summary>
    public required IReadOnlyList<ComparedParameter> Rows { get; init; }
}

/// <summary>What the page of a parameter shows.</summary>
public sealed record ParameterModel(string Region, Scheme.Types.Kind Scheme, GetParameterResponse Parameter);

/// <summary>What the check shows.</summary>
public sealed record LintModel(IReadOnlyList<PolicyPack> Packs, string Region, LintResponse Lint);
