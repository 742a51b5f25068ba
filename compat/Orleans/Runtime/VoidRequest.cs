namespace Orleans.Runtime;

/// <summary>
/// In Orleans the base of the generated requests that return no task. Nothing here derives from it: it takes the name that Orleans takes,
/// so that code which means the contract's message of this name must say so on either stack.
/// </summary>
public abstract class VoidRequest
{
    private protected VoidRequest()
    {
    }
}
