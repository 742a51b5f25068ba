namespace Settlement.Policy;

/// <summary>Insurance scheme (national interface <c>insutype</c>: resident 390, employee 310).</summary>
public enum Scheme : byte
{
    Resident = 1,
    Employee = 2,
}

/// <summary>What kind of visit a claim settles. The first three are admissions.</summary>
public enum VisitType : byte
{
    Inpatient = 1,
    Delivery = 2,

    /// <summary>Admission for family planning or miscarriage.</summary>
    FamilyPlanning = 3,
    EmergencyOutpatient = 4,
    Chronic = 5,
    OutpatientPooling = 6,
    TwoDisease = 7,
    Prenatal = 8,
    AssistedReproduction = 9,
    HighValueDrug = 10,
}

/// <summary>Administrative level of a facility.</summary>
public enum FacilityLevel : byte
{
    Primary = 1,
    Level1 = 2,
    Level2 = 3,
    Level3 = 4,
    SpecialLevel3 = 5,
    Unrated = 6,
}

/// <summary>Kind of facility.</summary>
public enum FacilityKind : byte
{
    General = 1,
    Tcm = 2,
    Psychiatric = 3,
    Infectious = 4,
    CommunityCentre = 5,
    TownshipHospital = 6,
    VillageClinic = 7,
    CollegeClinic = 8,
}

/// <summary>Grade of a level 3 facility where a pack distinguishes it.</summary>
public enum FacilityGrade : byte
{
    None = 0,
    [Name("3A")]
    Grade3A = 1,

    [Name("3B")]
    Grade3B = 2,
}

/// <summary>What packs index their tables by: level and, within level 3, grade.</summary>
public enum FacilityTier : byte
{
    Primary = 0,
    Level1 = 1,
    Level2 = 2,
    Level3Ungraded = 3,
    Level3A = 4,
    Level3B = 5,
    SpecialLevel3 = 6,
    Unrated = 7,
}

/// <summary>Insured category of a resident.</summary>
public enum InsuredCategory : byte
{
    Adult = 0,
    Student = 1,
    UniversityStudent = 2,

    /// <summary>Under age and not in school.</summary>
    Minor = 3,
}

/// <summary>Social group; the first six are assistance categories, best first.</summary>
public enum SocialGroup : byte
{
    SpecialCareRecipient = 0,
    Orphan = 1,
    MinimumLivingAllowance = 2,
    PovertyRelieved = 3,
    AllowanceEdge = 4,
    ImpoverishedByIllness = 5,
    Disabled = 6,
    SeverelyDisabled = 7,
    MonitoredPoor = 8,
    EntitledVeteranFamily = 9,
}

/// <summary>Diagnosis markers of a claim that rules ask for. No marker implies another.</summary>
[Flags]
public enum Diagnoses
{
    None = 0,
    OncologyTreatment = 1 << 0,
    MentalIllness = 1 << 1,
    SevereMentalDisorder = 1 << 2,
    InfectiousHepatitis = 1 << 3,
    InfiltrativeTuberculosis = 1 << 4,
    ChronicFibroCavitaryTuberculosis = 1 << 5,
    Aids = 1 << 6,
    ListedCriticalDisease = 1 << 7,
    ViralLiverDisease = 1 << 8,
    PulmonaryTuberculosis = 1 << 9,
    Tuberculosis = 1 << 10,
    ListedChildhoodInfection = 1 << 11,
    ListedChildMajorDisease = 1 << 12,
}

/// <summary>
/// Disease of a chronic or two-disease claim. <see cref="Unknown"/> is a name no pack knows: no certification can exist for it.
/// </summary>
public enum Disease : byte
{
    None = 0,
    Aids = 1,
    Tuberculosis = 2,
    DrugResistantTuberculosis = 3,
    HepatitisB = 4,
    [Name("HEPATITIS_C_1B")]
    HepatitisC1B = 5,
    [Name("HEPATITIS_C_NON_1B")]
    HepatitisCNon1B = 6,
    Brucellosis = 7,
    Dialysis = 8,
    OrganTransplant = 9,
    TumourChemoRadio = 10,
    SevereMentalDisorder = 11,
    HaemophiliaMild = 12,
    HaemophiliaModerate = 13,
    HaemophiliaSevere = 14,
    OtherEndocrineMetabolicMinor = 15,
    EpilepsyMinor = 16,
    GrowthHormoneDeficiencyMinor = 17,
    RehabilitationMinor = 18,
    TumourAnalgesic = 19,
    TumourEndocrine = 20,
    TumourAdjuvant = 21,
    MentalIllnessOrdinary = 22,
    Crohns = 23,
    UlcerativeColitis = 24,
    Endometriosis = 25,
    HypertensionComplicated = 26,
    DiabetesComplicated = 27,
    MyocardialInfarction = 28,
    PostoperativeAntithrombotic = 29,
    MyastheniaGravis = 30,
    Lupus = 31,
    Psoriasis = 32,
    Myelodysplastic = 33,
    PolycythaemiaVera = 34,
    Behcet = 35,
    AplasticAnaemia = 36,
    RheumatoidArthritis = 37,
    ChronicKidneyDisease = 38,
    Parkinson = 39,
    ChronicHeartFailure = 40,
    Copd = 41,
    Polymyositis = 42,
    AtrialFibrillation = 43,
    Stroke = 44,
    Asthma = 45,
    CirrhosisDecompensated = 46,
    SystemicSclerosis = 47,
    Sjogren = 48,
    Hypertension = 60,
    Diabetes = 61,
    Unknown = 255,
}

/// <summary>Where a visit lies, seen from the pooling region; always derived by the engine.</summary>
public enum OutOfAreaKind : byte
{
    Local = 0,

    /// <summary>Long-term resident at the filed place.</summary>
    LongTerm = 1,
    Referral = 2,
    CriticalEmergency = 3,
    Temporary = 4,
}

/// <summary>Proof on which a resettlement filing rests.</summary>
public enum FilingBasis : byte
{
    HouseholdRegister = 0,
    PropertyDeed = 1,
    ResidencePermit = 2,
    EmployerCertificate = 3,
    Guardian = 4,
}

/// <summary>Catalogue class of a fee line: A fully in scope, B with a part the person pays first, C self-funded.</summary>
public enum CatalogueClass : byte
{
    A = 0,
    B = 1,
    C = 2,
}
