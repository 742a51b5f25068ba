namespace Settlement.Gateway.Validation;

/// <summary>
/// How refusals name the fields of a facility: they stand in a claim and in a registration. Made once, so that checking makes no text.
/// </summary>
/// <param name="Place">The field that holds the facility.</param>
internal sealed record FacilityFields(string Place)
{
    public static FacilityFields OfClaim { get; } = new("claim.facility");

    public static FacilityFields OfRegistration { get; } = new("facility");

    public string Code { get; } = Place + ".code";

    public string Level { get; } = Place + ".level";

    public string Kind { get; } = Place + ".kind";

    public string Division { get; } = Place + ".division";

    public string Parent { get; } = Place + ".parent";

    public string Grade { get; } = Place + ".grade";
}
