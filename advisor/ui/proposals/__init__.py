"""Parts of the screen that begins and lists proposals."""
