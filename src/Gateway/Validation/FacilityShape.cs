using Google.Protobuf.Collections;
using Settlement.Contract;

namespace Settlement.Gateway.Validation;

/// <summary>The shape of a facility's registration.</summary>
internal static class FacilityShape
{
    private const int MaxContracts = 100;

    public static void Validate(Facility? facility, RepeatedField<ContractPeriod> contracts)
    {
        ClaimShape.CheckFacility(FacilityFields.OfRegistration, facility);
        Check.AtMost("contracts (number of)", contracts.Count, MaxContracts);
        if (contracts.Count > 0 && !facility.Designated)
            throw Check.Invalid("facility.designated", "false", "true where there are contracts", "有协议期间时应为true");
        DateOnly? end = null;
        for (int i = 0; i < contracts.Count; i++)
        {
            string place = $"contracts[{i}]";
            DateOnly from = Check.Date($"{place}.from", contracts[i].From);
            if (end is { } last && from <= last)
                throw Check.Invalid($"{place}.from", contracts[i].From, "a day after the end of the contract before it", "协议期间应按时间先后且不重叠");
            if (i < contracts.Count - 1 || contracts[i].To.Length > 0)
            {
                end = Check.Date($"{place}.to", contracts[i].To);
                if (end < from) throw Check.Invalid($"{place}.to", contracts[i].To, $"a day not before {contracts[i].From}", "不能早于起始日期");
            }
        }
    }
}
