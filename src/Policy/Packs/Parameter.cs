namespace Settlement.Policy;

/// <summary>Every parameter a pack may give, by stable number. Its text id, unit and table are in <see cref="ParameterSchema"/>.</summary>
public enum Parameter : byte
{
    None = 0,
    BenefitYearStart = 1,
    BenefitVisitTypes = 2,
    BenefitAssistanceOnly = 3,
    PlacesNotPayable = 4,
}
