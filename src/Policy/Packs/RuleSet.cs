namespace Settlement.Policy;

/// <summary>
/// A ratio band: basis points on the part of an amount above <c>Above</c> up to and including <c>UpTo</c> (fen; <see cref="long.MaxValue"/>
/// is open).
/// </summary>
public readonly record struct RatioBand(long Above, long UpTo, int RateBp);

/// <summary>
/// All parameters of one scheme as they stand between two dates: plain arrays indexed by parameter and cell, so that the pipeline never
/// looks anything up by name.
/// </summary>
internal sealed class RuleSet
{
    /// <summary>A cell without a published value.</summary>
    public const long Unpublished = long.MinValue;

    /// <summary>A limit that the documents say does not exist.</summary>
    public const long NoLimit = long.MaxValue;

    private readonly long[][] cells;
    private readonly RatioBand[][] bands;
    private readonly int[][] codes;

    public RuleSet(DateOnly from, DateOnly to, long[][] cells, RatioBand[][] bands, int[][] codes)
    {
        From = from;
        To = to;
        this.cells = cells;
        this.bands = bands;
        this.codes = codes;
    }

    /// <summary>First day on which it holds.</summary>
    public DateOnly From { get; }

    /// <summary>Last day on which it holds.</summary>
    public DateOnly To { get; }

    /// <summary>Value of a parameter that is one value: fen, basis points, months, a mask …, or <see cref="Unpublished"/>.</summary>
    public long this[Parameter parameter] => cells[(int)parameter][0];

    /// <summary>Value of a cell by its index.</summary>
    public long this[Parameter parameter, int cell] => cells[(int)parameter][cell];

    public bool Publishes(Parameter parameter) => cells[(int)parameter][0] != Unpublished;

    public bool IsYes(Parameter parameter) => cells[(int)parameter][0] == 1;

    /// <summary>Whether the set a parameter gives has a member; an unpublished set has none.</summary>
    public bool Has(Parameter parameter, VisitType member) => HasBit(cells[(int)parameter][0], (int)member);

    public bool Has(Parameter parameter, OutOfAreaKind member) => HasBit(cells[(int)parameter][0], (int)member);

    public bool Has(Parameter parameter, InsuredCategory member) => HasBit(cells[(int)parameter][0], (int)member);

    public bool Has(Parameter parameter, FacilityTier member) => HasBit(cells[(int)parameter][0], (int)member);

    public bool Has(Parameter parameter, SocialGroup member) => HasBit(cells[(int)parameter][0], (int)member);

    /// <summary>Whether the list of a cell has a ground.</summary>
    public bool Has(Parameter parameter, ContractGround member, int cell = 0) => HasBit(cells[(int)parameter][cell], (int)member);

    /// <summary>Groups a cell lists; none when unpublished.</summary>
    public GroupSet Groups(Parameter parameter, int cell = 0)
    {
        var mask = cells[(int)parameter][cell];
        return mask == Unpublished ? GroupSet.None : new GroupSet((int)mask);
    }

    /// <summary>Diagnoses a cell lists; none when unpublished.</summary>
    public Diagnoses DiagnosesIn(Parameter parameter, int cell = 0)
    {
        var mask = cells[(int)parameter][cell];
        return mask == Unpublished ? Diagnoses.None : (Diagnoses)(int)mask;
    }

    /// <summary>Ratio bands of a cell, or null when unpublished.</summary>
    public RatioBand[]? Bands(Parameter parameter, int cell)
    {
        var index = cells[(int)parameter][cell];
        return index == Unpublished ? null : bands[index];
    }

    /// <summary>Whether a code list has the code.</summary>
    public bool HasCode(Parameter parameter, int code)
    {
        var index = cells[(int)parameter][0];
        return index != Unpublished && codes[index].AsSpan().Contains(code);
    }

    private static bool HasBit(long mask, int bit) => mask != Unpublished && (mask & (1L << bit)) != 0;
}
