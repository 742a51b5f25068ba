using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace Settlement.Simulate;

/// <summary>
/// The part of an activation that a grain sees: its id, and the wish to end. Made at run time, because the interface has more members on
/// Orleans itself than on the stand-in, and the simulation runs on both.
/// </summary>
internal class GrainContextDouble : DispatchProxy
{
    private GrainId id;
    private Action deactivate = static () => { };

    /// <summary>A context for a person's grain.</summary>
    public static IGrainContext Create(string person, Action deactivate)
    {
        IGrainContext context = Create<IGrainContext, GrainContextDouble>();
        GrainContextDouble self = (GrainContextDouble)context;
        self.id = GrainId.Create("insuredperson", person);
        self.deactivate = deactivate;
        return context;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod?.Name)
        {
            case "get_GrainId":
                return id;
            case nameof(IGrainContext.Deactivate):
                deactivate();
                return null;
            default:
                throw new NotSupportedException($"The simulated context knows no {targetMethod?.Name}.");
        }
    }
}
