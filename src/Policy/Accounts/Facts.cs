namespace Settlement.Policy;

/// <summary>Something registered of a person. A fact is recorded once and stays; a later one may follow it, none is edited.</summary>
public abstract record Fact;

/// <summary>Birth date; every account begins with it.</summary>
public sealed record BirthFact(DateOnly BirthDate) : Fact;

/// <summary>Insured category from a day on, until the next one.</summary>
public sealed record InsuredFact(DateOnly From, InsuredCategory Category) : Fact;

/// <summary>Membership of a social group, both days included; <c>From</c> is the day of recognition.</summary>
public sealed record GroupFact(SocialGroup Group, DateOnly From, DateOnly? To = null) : Fact;

/// <summary>End of the membership of a group: <c>To</c> is its last day.</summary>
public sealed record GroupEndFact(SocialGroup Group, DateOnly To) : Fact;

/// <summary>Resident premium of a year, and the day it (or its subsidy) was paid.</summary>
public sealed record ContributionFact(int Year, DateOnly PaidOn) : Fact;

/// <summary>Known cover of a resident where the city publishes no coverage rules; both days included.</summary>
public sealed record CoverageFact(DateOnly From, DateOnly To) : Fact;

/// <summary>Spell in the employee scheme, both days included.</summary>
public sealed record EmployeeSpellFact(DateOnly From, DateOnly? To = null) : Fact;

/// <summary>Out-of-area resettlement filing. <c>EndedOn</c> is the first day on which an ended filing no longer holds.</summary>
public sealed record FilingFact(
    string Id, int Place, FilingBasis Basis, DateOnly FiledOn, DateOnly? IssuedOn = null, DateOnly? ExpiresOn = null,
        DateOnly? EndedOn = null) : Fact;

/// <summary>End of a filing: not valid from <c>EndedOn</c>.</summary>
public sealed record FilingEndFact(string Filing, DateOnly EndedOn) : Fact;

/// <summary>Certification of a chronic or special disease, by the day of filing.</summary>
public sealed record CertificationFact(Disease Disease, DateOnly FiledOn) : Fact;

/// <summary>Facility chosen for outpatient pooling in a calendar year.</summary>
public sealed record ChosenFacilityFact(int Year, string Code, FacilityKind Kind) : Fact;

/// <summary>Filing for two-disease drugs.</summary>
public sealed record TwoDiseaseFact(Disease Disease, DateOnly FiledOn) : Fact;

/// <summary>One-off grant paid to a person impoverished by illness, by the day of application (section 6).</summary>
public sealed record GrantFact(DateOnly AppliedOn, int Region, long Basic, long Tilt) : Fact;
