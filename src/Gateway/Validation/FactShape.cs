using Settlement.Contract;

namespace Settlement.Gateway.Validation;

/// <summary>The shape of a registered fact.</summary>
internal static class FactShape
{
    private const int MaxCode = 64;

    public static void Validate(string field, Fact fact)
    {
        switch (fact.FactCase)
        {
            case Fact.FactOneofCase.Insured:
                Check.Date($"{field}.insured.from", fact.Insured.From);
                Check.Known($"{field}.insured.category", fact.Insured.Category);
                break;
            case Fact.FactOneofCase.Group:
                Check.Known($"{field}.group.group", fact.Group.Group);
                Interval($"{field}.group", fact.Group.From, fact.Group.To, open: true);
                break;
            case Fact.FactOneofCase.Contribution:
                Check.Year($"{field}.contribution.year", fact.Contribution.Year);
                Check.Date($"{field}.contribution.paidOn", fact.Contribution.PaidOn);
                break;
            case Fact.FactOneofCase.Coverage:
                Interval($"{field}.coverage", fact.Coverage.From, fact.Coverage.To, open: false);
                break;
            case Fact.FactOneofCase.EmployeeSpell:
                Interval($"{field}.employeeSpell", fact.EmployeeSpell.From, fact.EmployeeSpell.To, open: true);
                break;
            case Fact.FactOneofCase.Filing:
                CheckFiling($"{field}.filing", fact.Filing);
                break;
            case Fact.FactOneofCase.FilingEnd:
                Check.Id($"{field}.filingEnd.filing", fact.FilingEnd.Filing);
                Check.Date($"{field}.filingEnd.date", fact.FilingEnd.Date);
                break;
            case Fact.FactOneofCase.GroupEnd:
                Check.Known($"{field}.groupEnd.group", fact.GroupEnd.Group);
                Check.Date($"{field}.groupEnd.to", fact.GroupEnd.To);
                break;
            case Fact.FactOneofCase.Certification:
                Code($"{field}.certification.disease", fact.Certification.Disease);
                Check.Date($"{field}.certification.filedOn", fact.Certification.FiledOn);
                break;
            case Fact.FactOneofCase.ChosenFacility:
                Check.Year($"{field}.chosenFacility.year", fact.ChosenFacility.Year);
                Check.Id($"{field}.chosenFacility.code", fact.ChosenFacility.Code);
                Check.Known($"{field}.chosenFacility.kind", fact.ChosenFacility.Kind);
                break;
            case Fact.FactOneofCase.TwoDiseaseFiling:
                Code($"{field}.twoDiseaseFiling.disease", fact.TwoDiseaseFiling.Disease);
                Check.Date($"{field}.twoDiseaseFiling.filedOn", fact.TwoDiseaseFiling.FiledOn);
                break;
            default:
                throw Check.Missing(field);
        }
    }

    private static void CheckFiling(string field, Filing filing)
    {
        Check.Id($"{field}.id", filing.Id);
        Check.Division($"{field}.place", filing.Place);
        Check.Known($"{field}.basis", filing.Basis);
        Check.Date($"{field}.filedOn", filing.FiledOn);
        Check.DateOrAbsent($"{field}.issuedOn", filing.IssuedOn);
        Check.DateOrAbsent($"{field}.expiresOn", filing.ExpiresOn);
    }

    private static void Interval(string field, string from, string to, bool open)
    {
        DateOnly first = Check.Date($"{field}.from", from);
        if (open && to.Length == 0) return;
        if (Check.Date($"{field}.to", to) < first)
            throw Check.Invalid($"{field}.to", to, $"a day not before {field}.from ({from})", "结束日期早于开始日期");
    }

    private static void Code(string field, string value)
    {
        if (value.Length == 0) throw Check.Missing(field);
        Check.MaxLength(field, value, MaxCode);
    }
}
