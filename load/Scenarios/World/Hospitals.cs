using Settlement.Contract;

namespace Settlement.Scenarios.World;

/// <summary>
/// The facilities of a made-up city. The greater a hospital, the more come: weights are beds for stays, doctors for the rest.
/// </summary>
internal static class Hospitals
{
    /// <summary>The pooling region of persons and facilities: Shenyang.</summary>
    public const string Region = "210100";

    private static readonly (Facility Facility, int Weight)[] Great =
    [
        (Hospital("H21010200001", Facility.Types.Level.SpecialLevel3), 3500),
        (Hospital("H21010200002", Facility.Types.Level._3), 2400),
        (Hospital("H21010300003", Facility.Types.Level._3), 1800),
        (Hospital("H21010400004", Facility.Types.Level._3, Facility.Types.Kind.Tcm), 900),
    ];

    private static readonly (Facility Facility, int Weight)[] Middle =
    [
        (Hospital("H21010500005", Facility.Types.Level._2), 600),
        (Hospital("H21010600006", Facility.Types.Level._2), 450),
        (Hospital("H21011100007", Facility.Types.Level._2), 300),
    ];

    private static readonly (Facility Facility, int Weight)[] Small =
    [
        (Hospital("H21011200008", Facility.Types.Level._1), 120),
        (Hospital("H21011300009", Facility.Types.Level.Primary, Facility.Types.Kind.CommunityCentre), 80),
        (Hospital("H21011400010", Facility.Types.Level.Primary, Facility.Types.Kind.TownshipHospital), 60),
    ];

    /// <summary>Where persons lie.</summary>
    public static Weighted<Facility> WithBeds { get; } = new([.. Great, .. Middle, Small[0]]);

    /// <summary>Where outpatients go.</summary>
    public static Weighted<Facility> All { get; } = new([.. Great, .. Middle, .. Small]);

    /// <summary>Where the drugs of the two diseases are paid (level 2 and below).</summary>
    public static Weighted<Facility> UpToLevel2 { get; } = new([.. Middle, .. Small]);

    /// <summary>What a person may choose for outpatient pooling.</summary>
    public static Weighted<Facility> ToChoose { get; } = new(Small);

    private static Facility Hospital(string code, Facility.Types.Level level, Facility.Types.Kind kind = Facility.Types.Kind.General) =>
        new()
    {
        Code = code,
        Level = level,
        Kind = kind,
        Division = Region,
        Designated = true,
        AssistanceDesignated = true,
    };
}
