namespace Settlement.Policy;

/// <summary>
/// Every parameter a pack may give. The number is stable: it stands in stored steps. Text id, unit and table of each are in <see cref="ParameterSchema"/>.
/// </summary>
public enum Parameter : byte
{
    None = 0,

    // Frame
    BenefitYearStart = 1,
    BenefitVisitTypes = 2,
    BenefitAssistanceOnly = 3,
    PlaceNotPayable = 4,
    FacilityAny = 5,

    // Pooled fund, inpatient
    PooledYearlyCap = 10,
    PooledAboveCap = 11,
    InpatientDeductible = 12,
    InpatientRatio = 13,
    InpatientDeductibleStep = 14,
    InpatientDeductibleFloor = 15,
    InpatientDeductibleFree = 16,
    InpatientDeductibleFreeSpecialised = 17,
    InpatientOnceAYear = 18,
    InpatientOnceAYearVisitTypes = 19,
    InpatientEmergencyBasis = 20,
    InpatientEmergencyDeductible = 21,
    InpatientEmergencyRatio = 22,

    // Out of area
    OutOfAreaKinds = 30,
    OutOfAreaLongTermEverywhere = 31,
    OutOfAreaDeductibleFactor = 32,
    OutOfAreaRatioReduction = 33,
    OutOfAreaDeductible = 34,
    OutOfAreaRatio = 35,
    OutOfAreaSeriousIllnessReduction = 36,
    OutOfAreaExemptions = 37,

    // Serious illness
    SeriousIllnessVisitTypes = 40,
    SeriousIllnessBands = 41,
    SeriousIllnessHardshipGroups = 42,
    SeriousIllnessYearlyCap = 43,
    SeriousIllnessCapExemptGroups = 44,
    SeriousIllnessChildMaxAge = 45,
    SeriousIllnessChildDiagnoses = 46,

    // Assistance
    AssistanceGroups = 50,
    AssistanceVisitTypes = 51,
    AssistanceBasicDeductible = 52,
    AssistanceBasicRatio = 53,
    AssistanceBasicCap = 54,
    AssistanceTiltDeductible = 55,
    AssistanceTiltRatio = 56,
    AssistanceTiltCap = 57,
    AssistanceSevereMentalDiagnoses = 58,
    AssistanceSevereMentalVisitTypes = 59,
    AssistanceSevereMentalRatio = 60,
    AssistanceOneStop = 61,
    AssistanceOneStopVisitTypes = 62,
    AssistanceOneStopAwayTiers = 63,
    AssistanceOutpatientVisitTypes = 64,
    AssistanceOutpatientRatio = 65,
    AssistanceOutpatientCap = 66,

    // Cover
    CoverageBasis = 80,
    CoveragePeriodStart = 81,
    CoveragePeriodEnd = 82,
    CoverageGapStart = 83,
    CoverageWaiting = 84,
    CoverageSpecialGroups = 85,
    CoverageNewborn = 86,
    CoverageLastEnrolment = 87,
    CoverageEmployeeContinuous = 88,
    CoverageEmployeeGap = 89,

    // Filings
    FilingValidity = 95,
    FilingFromIssue = 96,
    FilingRecordedUntil = 97,
    FilingEndAfter = 98,

    // Maternity
    MaternityAsLocal = 100,
    MaternityDeductibleWaived = 101,

    // Emergency rescue, outpatient
    EmergencyOutpatientDiagnoses = 120,
    EmergencyOutpatientTreatmentItem = 121,
    EmergencyOutpatientRatio = 122,
    EmergencyOutpatientRatioReduction = 123,
    EmergencyOutpatientSeriousIllnessReduction = 124,

    // Chronic and special outpatient
    ChronicRatio = 126,
    ChronicMonthlyLimit = 127,
    ChronicYearlyLimit = 128,
    CertificationDelay = 129,
    CertificationLastDay = 130,

    // Outpatient pooling
    OutpatientChosenFacility = 131,
    OutpatientLongTermTiers = 132,
    OutpatientEverywhereTiers = 133,
    OutpatientDeductible = 134,
    OutpatientRatio = 135,
    OutpatientCap = 136,
    OutpatientGeneralFeeRatio = 137,
    OutpatientVillageCap = 138,
    OutpatientVillageFeeStandard = 139,
    OutpatientVillageFeePerson = 140,
    OutpatientVillageFeeCap = 141,

    // Two-disease drugs
    TwoDiseaseTiers = 144,
    TwoDiseaseRatio = 145,
    TwoDiseaseCap = 146,

    // Prenatal checks, assisted reproduction
    PrenatalRatio = 150,
    PrenatalCap = 151,
    ReproductionRatio = 152,
    ReproductionCycles = 153,
    PlaceInProvinceOnly = 154,

    // Assistance: outpatient tier, by hand, grant
    AssistanceDisabledGroups = 155,
    AssistanceByHand = 156,
    GrantGroups = 157,
    GrantVisitTypes = 158,
    GrantWindow = 159,
    GrantInterval = 160,

    // Contributions
    ContributionTotal = 165,
    ContributionPerson = 166,
    ContributionReducedGroups = 167,
    ContributionFreeGroups = 168,
    SeriousIllnessPremium = 169,

    // Outpatient benefits counted by the year (Benxi)
    OutpatientYearlyKinds = 180,
    OutpatientYearlyDeductible = 181,
    OutpatientYearlyCap = 182,
    OutpatientYearlyRatio = 183,
    OutpatientYearlyJointCap = 184,

    // Assistance on known payments, alerts, deposits (Panjin)
    AssistanceAwayKinds = 190,
    AssistanceOnApplicationGroups = 191,
    AssistanceSevereMentalBasis = 192,
    AssistanceSevereMentalBedDay = 193,
    AlertVisitTypes = 195,
    AlertRelapseGroups = 196,
    AlertRelapseUnless = 197,
    AlertRelapseThreshold = 198,
    AlertIllnessThreshold = 199,
    DepositWaivedGroups = 205,

    // Employees: data kept beside the settled benefits
    EmployeeLargeAmountCap = 210,
    EmployeeWaitingFlexible = 220,
    EmployeeTransferGap = 221,
    EmployeeBaseLower = 222,
    EmployeeBaseUpper = 223,
    EmployeeRatePerson = 224,
    EmployeeRateEmployerLower = 225,
    EmployeeRateEmployerUpper = 226,

    // Services around settlement
    ServiceWorkingDays = 230,
    ContractRefusalGrounds = 231,
    ContractRefusalYears = 232,
    ContractRefusalUntilSettled = 233,
}

/// <summary>What the pooled fund does with an emergency admission at a non-designated facility of the city.</summary>
public enum EmergencyBasis : byte
{
    /// <summary>Its own deductible and ratio.</summary>
    OwnValues = 0,

    /// <summary>As a designated facility of the same level.</summary>
    AsDesignated = 1,
}

/// <summary>What cover is derived from.</summary>
public enum CoverBasis : byte
{
    /// <summary>Premiums and the waiting-period rules.</summary>
    Contributions = 0,

    /// <summary>Intervals given from outside; the city publishes no rules.</summary>
    Intervals = 1,

    /// <summary>Spells in the employee scheme.</summary>
    EmployeeSpells = 2,
}

/// <summary>Which of the two diseases a person has filed: the yearly cap goes by it.</summary>
public enum FiledDiseases : byte
{
    HypertensionOnly = 0,

    /// <summary>Diabetes, alone or beside hypertension.</summary>
    Diabetes = 1,
}

/// <summary>How much of a person's premium is subsidised beyond what everybody has.</summary>
public enum PremiumSubsidy : byte
{
    None = 0,

    /// <summary>In part.</summary>
    Reduced = 1,

    /// <summary>In full.</summary>
    Full = 2,
}

/// <summary>What becomes of compliant costs above the pooled fund's yearly cap.</summary>
public enum AboveCapRule : byte
{
    /// <summary>They stay in the burden that serious-illness insurance counts.</summary>
    SeriousIllness = 0,
}

/// <summary>How long a resettlement filing holds.</summary>
public enum FilingValidityRule : byte
{
    /// <summary>Until it is ended.</summary>
    Open = 0,

    /// <summary>Until its proof expires, that day included.</summary>
    Expiry = 1,

    /// <summary>Until its proof expires; without an expiry, some months from its issue.</summary>
    ExpiryOrIssue = 2,
}

/// <summary>Which serious-illness bands apply.</summary>
public enum Standing : byte
{
    General = 0,
    Hardship = 1,

    /// <summary>A child with a listed major disease.</summary>
    ListedChild = 2,
}

/// <summary>Place of a facility seen from the province of the pooling region.</summary>
public enum Province : byte
{
    Inside = 0,
    Outside = 1,
}

/// <summary>Whether a person belongs to a group of the disabled.</summary>
public enum Disability : byte
{
    No = 0,
    Yes = 1,
}

/// <summary>What sets a facility apart where outpatient ratios ask for it; the first that holds, from the last to the first.</summary>
public enum OutpatientTrait : byte
{
    Plain = 0,
    Tcm = 1,
    CollegeClinic = 2,

    /// <summary>Primary, under the essential-drug system.</summary>
    EssentialDrugs = 3,

    /// <summary>Psychiatric or infectious-disease hospital.</summary>
    PsychiatricOrInfectious = 4,
    [Name("COUNTY_LEVEL_2")]
    CountyLevel2 = 5,
}

/// <summary>How assistance for severe mental disorder is reckoned.</summary>
public enum SevereMentalBasis : byte
{
    /// <summary>A share of the remaining compliant burden.</summary>
    Ratio = 0,

    /// <summary>A fixed amount per bed day.</summary>
    BedDay = 1,
}

/// <summary>A matter that the agency must settle within a number of working days (section 11).</summary>
public enum ServiceMatter : byte
{
    /// <summary>Outpatient costs reimbursed by hand.</summary>
    OutpatientReimbursement = 0,

    /// <summary>Inpatient costs reimbursed by hand.</summary>
    InpatientReimbursement = 1,

    /// <summary>Costs of birth or family planning.</summary>
    Maternity = 2,
    MaternityAllowance = 3,
    OutOfAreaFiling = 4,
    ChronicCertification = 5,
    UnitRegistration = 6,

    /// <summary>Withdrawal of a personal account.</summary>
    AccountWithdrawal = 7,
}

/// <summary>Who applies for a contract with the insurance.</summary>
public enum ContractApplicant : byte
{
    MedicalInstitution = 0,
    Pharmacy = 1,
}

/// <summary>Why an application for a contract is not accepted (违规禁办事项清单).</summary>
public enum ContractGround : byte
{
    /// <summary>Mainly cosmetic medicine, assisted reproduction, care, dental implants and the like.</summary>
    NotBasicMedicine = 0,

    /// <summary>The price policy for medicines and services was not kept.</summary>
    PricePolicyNotKept = 1,

    /// <summary>An administrative penalty has not been fulfilled.</summary>
    PenaltyNotFulfilled = 2,

    /// <summary>A contract was applied for by fraud; counted from its discovery.</summary>
    FraudulentApplication = 3,

    /// <summary>A contract was ended for a breach of the law.</summary>
    EndedForOffence = 4,

    /// <summary>A contract was ended for a grave breach of its terms.</summary>
    EndedForBreach = 5,

    /// <summary>A responsible person had a contract of another institution ended by grave offences.</summary>
    ResponsiblePerson = 6,

    /// <summary>A responsible person is on the list of persons without credit.</summary>
    PersonWithoutCredit = 7,

    /// <summary>Any other ground of laws and regulations.</summary>
    OtherByLaw = 8,
}
