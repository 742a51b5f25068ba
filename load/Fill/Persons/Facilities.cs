using System.Globalization;
using Settlement.Policy;

namespace Settlement.Fill.Persons;

/// <summary>The made-up facilities of the city. Built once: claims share them.</summary>
internal static class Facilities
{
    public const int Region = 210100;

    /// <summary>Hospitals with beds, a few large ones and many small ones.</summary>
    public static Facility[] Hospitals { get; } =
    [
        .. Make(1, 4, FacilityLevel.SpecialLevel3), .. Make(2, 20, FacilityLevel.Level3), .. Make(3, 60, FacilityLevel.Level2),
        .. Make(4, 40, FacilityLevel.Level1),
    ];

    /// <summary>Places of first contact, which a person chooses for outpatient pooling.</summary>
    public static Facility[] Primary { get; } =
        [.. Make(5, 140, FacilityLevel.Primary, FacilityKind.CommunityCentre),
            .. Make(6, 110, FacilityLevel.Primary, FacilityKind.TownshipHospital)];

    /// <summary>A hospital: the large ones are drawn far more often.</summary>
    public static Facility Hospital(ref Draws draws) => Hospitals[Math.Min(draws.Below(Hospitals.Length), draws.Below(Hospitals.Length))];

    private static IEnumerable<Facility> Make(int series, int count, FacilityLevel level, FacilityKind kind = FacilityKind.General) =>
        Enumerable.Range(0, count).Select(number => new Facility
        {
            Code = string.Create(CultureInfo.InvariantCulture, $"H2101{number % 13 + 1:D2}{series}{number:D4}"),
            Level = level,
            Kind = kind,
            Division = Region + number % 13 + 1,
            Designated = true,
            AssistanceDesignated = true,
        });
}
