using static Settlement.Policy.Tests.Scene;

namespace Settlement.Policy.Tests;

/// <summary>Section 11: by when the agency must have settled a matter.</summary>
public class ServiceLimitRuleTests
{
    private const int Benxi = 210500;

    private static DueDateOutcome Due(ServiceMatter matter, string received, int region = Shenyang)
        => ServiceLimits.Of(Repository.Catalogue, region, matter, Day(received));

    // Received on Monday 2025-03-03.
    [Theory]
    [InlineData(ServiceMatter.OutpatientReimbursement, 30, "2025-04-14")]
    [InlineData(ServiceMatter.InpatientReimbursement, 30, "2025-04-14")]
    [InlineData(ServiceMatter.Maternity, 20, "2025-03-31")]
    [InlineData(ServiceMatter.MaternityAllowance, 10, "2025-03-17")]
    [InlineData(ServiceMatter.OutOfAreaFiling, 2, "2025-03-05")]
    [InlineData(ServiceMatter.ChronicCertification, 20, "2025-03-31")]
    [InlineData(ServiceMatter.UnitRegistration, 5, "2025-03-10")]
    [InlineData(ServiceMatter.AccountWithdrawal, 15, "2025-03-24")]
    public void The_limits(ServiceMatter matter, int days, string due)
    {
        var found = Due(matter, "2025-03-03").Due!;

        Assert.Equal((days, Day(due)), (found.Days, found.Due));
        Assert.StartsWith("沈阳市医疗保障经办服务指南", found.Citation.ToString(), StringComparison.Ordinal);
    }

    //           received          two working days later
    [Theory]
    [InlineData("2025-03-03", "2025-03-05")] // Monday
    [InlineData("2025-03-06", "2025-03-10")] // Thursday: Friday, Monday
    [InlineData("2025-03-07", "2025-03-11")] // Friday
    [InlineData("2025-03-08", "2025-03-11")] // Saturday: Monday, Tuesday
    [InlineData("2025-03-09", "2025-03-11")] // Sunday
    public void The_day_of_receipt_and_weekends_are_not_counted(string received, string due) =>
        Assert.Equal(Day(due), Due(ServiceMatter.OutOfAreaFiling, received).Due!.Due);

    [Fact]
    public void No_working_day_is_the_day_itself() => Assert.Equal(Day("2025-03-08"), WorkingDays.After(Day("2025-03-08"), 0));

    [Fact]
    public void What_is_not_published_is_refused_by_name()
    {
        var refusal = Due(ServiceMatter.Maternity, "2025-03-03", Benxi).Refusal!;

        Assert.Equal(
            (RefusalCode.UnpublishedParameter, Parameter.ServiceWorkingDays, "MATERNITY"), (refusal.Code, refusal.Parameter, refusal.Cell));
        Assert.Equal(RefusalCode.NoPolicyInForce, Due(ServiceMatter.Maternity, "2024-12-31").Refusal!.Code);
        Assert.Equal(RefusalCode.NoPolicyInForce, Due(ServiceMatter.Maternity, "2025-03-03", 999_999).Refusal!.Code);
    }

    [Theory]
    [InlineData(VisitType.Inpatient, ServiceMatter.InpatientReimbursement)]
    [InlineData(VisitType.Delivery, ServiceMatter.Maternity)]
    [InlineData(VisitType.FamilyPlanning, ServiceMatter.Maternity)]
    [InlineData(VisitType.Prenatal, ServiceMatter.Maternity)]
    [InlineData(VisitType.EmergencyOutpatient, ServiceMatter.OutpatientReimbursement)]
    [InlineData(VisitType.Chronic, ServiceMatter.OutpatientReimbursement)]
    [InlineData(VisitType.HighValueDrug, ServiceMatter.OutpatientReimbursement)]
    public void The_matter_of_a_visit(VisitType visit, ServiceMatter matter) => Assert.Equal(matter, ServiceLimits.MatterOf(visit));
}
