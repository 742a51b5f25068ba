using Settlement.Policy;
using Wire = Settlement.Contract;

namespace Settlement.Mapping;

/// <summary>Due dates and contract checklists, as the contract of the wire shows them.</summary>
internal static class ServiceMapping
{
    /// <summary>A due date.</summary>
    public static Wire.DueDate ToWire(DueDate due, ServiceMatter matter, DateOnly received) => new()
    {
        Matter = (Wire.Service.Types.Matter)(matter + 1),
        ReceivedOn = Dates.Text(received),
        WorkingDays = due.Days,
        DueOn = Dates.Text(due.Due),
        Calendar = Wire.DueDate.Types.Calendar.Weekdays,
        Citation = due.Citation.ToString(),
    };

    /// <summary>A ground found with an applicant.</summary>
    public static FoundGround ToPolicy(Wire.FoundGround found) =>
        new((ContractGround)(found.Ground - 1), Dates.DayOrNull(found.Since), found.Unsettled);

    /// <summary>A checklist.</summary>
    public static Wire.CheckContractResponse ToWire(ContractChecklist checklist)
    {
        Wire.CheckContractResponse answer = new() { Refused = checklist.Refused, Citation = checklist.Citation.ToString() };
        answer.Grounds.AddRange(checklist.Grounds.Select(line => new Wire.CheckedGround
        {
            Ground = (Wire.FacilityContract.Types.Ground)(line.Ground + 1),
            Years = line.Years ?? 0,
            UntilSettled = line.UntilSettled,
            Found = line.Found,
            Bars = line.Bars,
            FreeFrom = Dates.Text(line.FreeFrom),
        }));
        return answer;
    }
}
