using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Settlement.Policy.Cases;

/// <summary>Reads files of cases (a JSON array). Strict: an unknown field is an error.</summary>
public static class CaseReader
{
    /// <summary>Region of a case none of whose steps names one, as the format has it.</summary>
    private const int DefaultRegion = 210100;

    /// <summary>Reads a file of cases.</summary>
    /// <exception cref="CaseFormatException">The text is no JSON array of cases; the message names case and field.</exception>
    public static ImmutableArray<WorkedCase> Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select(ReadCase)]
                : throw new CaseFormatException("the file must be an array of cases");
        }
        catch (JsonException e)
        {
            throw new CaseFormatException($"no valid JSON: {e.Message}");
        }
        catch (InvalidOperationException e)
        {
            // Half of a surrogate pair in an escape: the document parses, and its text fails only when it is asked for.
            throw new CaseFormatException($"no valid JSON: {e.Message}");
        }
    }

    private static WorkedCase ReadCase(JsonElement element)
    {
        var id = new JsonFields(element, "case").Text("id");
        var fields = new JsonFields(element, id);
        fields.Take("id");
        fields.Take("profile");
        var rule = fields.Text("rule");
        var why = fields.OptionalText("why") ?? "";
        var person = PersonReader.Read(fields.Object("person"));
        var steps = fields.Objects("steps").Select(ReadStep).ToImmutableArray();
        var counters = fields.Take("finalCounters") is { } expected ? JsonObject.Create(expected.Clone()) : null;
        fields.Finish();
        var region = steps.OfType<ClaimStep>().FirstOrDefault()?.Claim.Region ?? DefaultRegion;
        return new WorkedCase(id, rule, why, region, person, steps, counters);
    }

    private static CaseStep ReadStep(JsonFields fields)
    {
        var operation = fields.Text("op");
        var expect = JsonObject.Create(fields.Need("expect").Clone())!;
        CaseStep step = operation switch
        {
            "settle" => ReadClaimStep(fields, operation, expect, ClaimOperation.Settle),
            "quote" => ReadClaimStep(fields, operation, expect, ClaimOperation.Quote),
            "assistanceOnly" => ReadClaimStep(fields, operation, expect, ClaimOperation.AssistanceOnly),
            "deposit" => ReadClaimStep(fields, operation, expect, ClaimOperation.Deposit),
            "reverse" => new ReverseStep($"reverse {fields.Text("settlement")}", expect, fields.Text("settlement"), fields.Text("by")),
            "coverage" => new CoverageStep($"coverage {fields.Number("year")}", expect, (int)fields.Number("year")),
            "chooseFacility" => new ChooseFacilityStep(
                "chooseFacility", expect,
                new ChosenFacilityFact((int)fields.Number("year"), fields.Text("facility"), fields.Member<FacilityKind>("kind"))),
            "endFiling" => new EndFilingStep("endFiling", expect, new FilingEndFact(fields.Text("filing"), fields.Date("date"))),
            "certification" =>
                new CertificationStep(
                    "certification", expect, new CertificationFact(fields.Member<Disease>("disease"), fields.Date("filedOn"))),
            "contribution" => new ContributionStep(
                "contribution", expect, fields.Member<InsuredCategory>("insuredCategory"), ReadGroups(fields)),
            "assistanceLater" =>
                new AssistanceLaterStep($"assistanceLater {fields.Text("id")}", expect, fields.Text("id"), fields.Text("settlement")),
            "illnessGrant" => new IllnessGrantStep(
                "illnessGrant", expect, fields.Date("applicationDate"), Division(fields, "region") ?? DefaultRegion),
            _ => throw fields.Bad($"unknown operation '{operation}'"),
        };
        fields.Finish();
        return step;
    }

    private static ClaimStep ReadClaimStep(JsonFields fields, string operation, JsonObject expect, ClaimOperation kind)
    {
        var id = fields.OptionalText("id") ?? "";
        var claim = fields.Object("claim");
        var requestId = claim.OptionalText("requestId");
        return new ClaimStep($"{operation} {id}".TrimEnd(), expect, kind, id, ReadClaim(claim), requestId);
    }

    private static GroupSet ReadGroups(JsonFields fields)
    {
        var set = GroupSet.None;
        foreach (var item in fields.List("groups"))
            set |= Names.TryParse<SocialGroup>(item.GetString(), out var group)
                ? GroupSet.Of(group)
                : throw fields.Bad($"unknown group {item}");

        return set;
    }

    private static Claim ReadClaim(JsonFields fields)
    {
        var claim = new Claim
        {
            Region = Division(fields, "region") ?? throw fields.Bad("missing 'region'"),
            Scheme = fields.OptionalMember<Scheme>("scheme") ?? Scheme.Resident,
            VisitType = fields.Member<VisitType>("visitType"),
            Facility = ReadFacility(fields.Object("facility")),
            AdmissionDate = fields.OptionalDate("admissionDate"),
            DischargeDate = fields.Date("dischargeDate"),
            Totals = fields.OptionalObject("totals") is { } totals ? ReadTotals(totals) : null,
            Lines = [.. fields.Objects("lines").Select(ReadLine)],
            Diagnoses = ReadDiagnoses(fields),
            Emergency = fields.Flag("emergency"),
            Referral = fields.Flag("referral"),
            TreatmentFeeItem = fields.Flag("treatmentFeeItem"),
            GeneralFee = fields.OptionalNumber("generalFee") ?? 0,
            Disease = fields.OptionalText("disease") is not { } disease ? Disease.None : Names.TryParse<Disease>(disease, out var known)
            ? known
            : Disease.Unknown,
            Pregnancy = fields.OptionalText("pregnancy"),
            Cycle = fields.OptionalText("cycle"),
            StatedKind = fields.OptionalMember<OutOfAreaKind>("outOfAreaKind"),
            KnownPayments = ReadKnownPayments(fields),
        };
        fields.Finish();
        return claim;
    }

    private static KnownPayments? ReadKnownPayments(JsonFields fields)
    {
        var (pooled, seriousIllness) = (fields.OptionalNumber("pooled"), fields.OptionalNumber("seriousIllness"));
        return pooled is null && seriousIllness is null ? null : new KnownPayments(pooled ?? 0, seriousIllness ?? 0);
    }

    /// <summary>Markers the engine does not know have no effect.</summary>
    private static Diagnoses ReadDiagnoses(JsonFields fields)
    {
        var set = Diagnoses.None;
        foreach (var item in fields.List("diagnoses"))
            if (Names.TryParse<Diagnoses>(item.GetString(), out var diagnosis))
                set |= diagnosis;

        return set;
    }

    private static Facility ReadFacility(JsonFields fields)
    {
        var facility = new Facility
        {
            Code = fields.Text("code"),
            Level = fields.Member<FacilityLevel>("level"),
            Kind = fields.OptionalMember<FacilityKind>("kind") ?? FacilityKind.General,
            Division = Division(fields, "division") ?? throw fields.Bad("missing 'division'"),
            Designated = fields.Flag("designated"),
            AssistanceDesignated = fields.Flag("assistanceDesignated"),
            Abroad = fields.Flag("abroad"),
            Parent = fields.OptionalText("parent"),
            Grade = fields.OptionalMember<FacilityGrade>("grade") ?? FacilityGrade.None,
            Specialised = fields.Flag("specialised"),
            CountyLevel2 = fields.Flag("countyLevel2"),
            EssentialDrugs = fields.Flag("essentialDrugs"),
        };
        fields.Finish();
        return facility;
    }

    private static ClaimTotals ReadTotals(JsonFields fields)
    {
        var totals = new ClaimTotals(
            fields.Number("total"),
            fields.OptionalNumber("selfFunded") ?? 0,
            fields.OptionalNumber("overLimit") ?? 0,
            fields.OptionalNumber("preSelfPay") ?? 0,
            fields.OptionalNumber("preSelfPayNotCounted") ?? 0,
            fields.OptionalNumber("inScope"));
        fields.Finish();
        return totals;
    }

    private static FeeLine ReadLine(JsonFields fields)
    {
        var line = new FeeLine(
            fields.Text("code"),
            fields.Member<CatalogueClass>("class"),
            fields.Number("price"),
            fields.Number("quantity"),
            (int)(fields.OptionalNumber("selfPayBp") ?? 0),
            fields.OptionalNumber("limit"),
            fields.Flag("notCounted"),
            fields.Flag("treatment"));
        fields.Finish();
        return line;
    }

    internal static int? Division(JsonFields fields, string name)
    {
        if (fields.OptionalText(name) is not { } text)
            return null;

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? code
            : throw fields.Bad($"'{name}' is no division code: {text}");
    }
}
